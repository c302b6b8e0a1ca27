"""The stamp: one row, to be drawn anew by triggers that are made after every migration."""

from django.db import migrations, models


def first(apps, editor):
    apps.get_model("parties", "Stamp").objects.using(editor.connection.alias).create(number=1)


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(first, migrations.RunPython.noop),
    ]
