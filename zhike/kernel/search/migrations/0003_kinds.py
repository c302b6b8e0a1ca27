"""The kind of a subject becomes a token of its document."""

from django.db import migrations


def again(apps, editor):
    from zhike.kernel.search import index

    if apps.get_model("search", "Document").objects.using(editor.connection.alias).exists():
        index.rebuild()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_grams")]

    operations = [migrations.RunPython(again, migrations.RunPython.noop)]
