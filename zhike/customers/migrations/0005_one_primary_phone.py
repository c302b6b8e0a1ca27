"""One main telephone number for each customer, again.

When 0003 took the index from `Phone.customer`, PostgreSQL lost the one of this constraint with it, since both stand
on the same column.
"""

from django.db import migrations

AGAIN = """
    UPDATE customers_phone SET is_primary = false WHERE is_primary AND EXISTS (
        SELECT 1 FROM customers_phone first
        WHERE first.customer_id = customers_phone.customer_id AND first.is_primary AND first.id < customers_phone.id)
"""
NAME = "one_primary_phone"


def forward(apps, editor):
    phone = apps.get_model("customers", "Phone")
    with editor.connection.cursor() as cursor:
        if NAME in editor.connection.introspection.get_constraints(cursor, phone._meta.db_table):
            return
        cursor.execute(AGAIN)
    editor.add_constraint(phone, next(one for one in phone._meta.constraints if one.name == NAME))


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_charges")]

    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
