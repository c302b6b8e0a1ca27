"""The index itself, in the form of each engine."""

from django.db import migrations

FORWARD = {
    # no positions, no copies of the text: documents are stored once, and long words are looked for in them
    "sqlite": [
        "CREATE VIRTUAL TABLE search_grams USING fts5("
        "grams, content='', detail=none, columnsize=0, tokenize='ascii')"
    ],
    # a short list of pending entries keeps both the action and the search fast
    "postgresql": [
        "CREATE INDEX search_document_grams ON search_document USING gin (grams)"
        " WITH (fastupdate = on, gin_pending_list_limit = 1024)",
    ],
}
BACKWARD = {
    "sqlite": ["DROP TABLE search_grams"],
    "postgresql": ["DROP INDEX search_document_grams"],
}


def forward(apps, editor):
    for sql in FORWARD[editor.connection.vendor]:
        editor.execute(sql)


def backward(apps, editor):
    for sql in BACKWARD[editor.connection.vendor]:
        editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(forward, backward)]
