from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0003_unit_values'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='installation',
            name='parameters',
        ),
    ]
