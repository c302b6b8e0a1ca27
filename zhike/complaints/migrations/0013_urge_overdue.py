"""Duties that are open already are urged from their due date on; those of regulations that want no sheets drop out."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("duties", "Duty").objects.filter(
        subject_label="complaints.Complaint", state="OPEN", paused_at=None, due_at__isnull=False
    )
    rows.update(urge_at=F("due_at"))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0012_followups"), ("duties", "0005_urge_at")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
