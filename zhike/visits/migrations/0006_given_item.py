from django.db import migrations, models


def forget_unknown(apps, schema_editor):
    """A key that names no item said nothing; it would stand in the way of the foreign key."""
    known = apps.get_model("manuals", "Information").objects.values("pk")
    given = apps.get_model("visits", "Given").objects.exclude(item=None)
    given.exclude(item__in=known).update(item=None)


class Migration(migrations.Migration):
    dependencies = [
        ("manuals", "0003_information"),
        ("visits", "0005_planning_by_routes"),
    ]

    operations = [
        migrations.RenameField(model_name="given", old_name="item_id", new_name="item"),
        migrations.RunPython(forget_unknown, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="given",
            name="item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to="manuals.information",
            ),
        ),
    ]
