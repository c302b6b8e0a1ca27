import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("complaints", "0001_initial"),
        ("complaints", "0002_initial"),
        ("complaints", "0003_initial"),
        ("complaints", "0004_covering_units"),
        ("complaints", "0005_regimes"),
        ("complaints", "0006_grants"),
        ("complaints", "0007_after"),
        ("complaints", "0008_joined"),
        ("complaints", "0009_capa"),
        ("complaints", "0010_suggestions"),
        ("complaints", "0011_mail"),
        ("complaints", "0012_followups"),
        ("complaints", "0013_urge_overdue"),
    ]

    initial = True

    dependencies = [
        ("customers", "0003_fewer_indexes"),
        ("duties", "0005_urge_at"),
        ("parties", "0002_stamp"),
        ("policy", "0004_values_by_day"),
        ("procedures", "0002_barred"),
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Capa",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("secrecy", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(max_length=200)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("ANALYSIS", "Analysis and plan"),
                            ("REVIEW", "Review"),
                            ("APPROVAL", "Approval"),
                            ("EXECUTION", "Execution"),
                            ("EFFECT", "Effect check"),
                            ("SUMMARY", "Lesson"),
                            ("CLOSED", "Closed"),
                            ("DROPPED", "Cancelled"),
                        ],
                        default="ANALYSIS",
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("department", models.CharField(blank=True, max_length=120)),
                ("keywords", models.CharField(blank=True, max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("recurs_note", models.CharField(blank=True, max_length=400)),
                ("recurs_at", models.DateTimeField(blank=True, null=True)),
                ("lesson", models.TextField(blank=True)),
                ("change", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=400)),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.approval",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                ("participants", models.ManyToManyField(blank=True, related_name="+", to="parties.party")),
                (
                    "recurs_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "recurs_capa",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.capa",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.unit"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "capas",
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("secrecy", models.PositiveSmallIntegerField(default=0)),
                ("title", models.CharField(max_length=200)),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("stage_kind", models.CharField(blank=True, max_length=20)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("COUNTER", "Counter"),
                            ("PHONE", "Phone"),
                            ("LETTER", "Letter"),
                            ("FAX", "Fax"),
                            ("EMAIL", "E-mail"),
                            ("MEDIA", "Media"),
                            ("WORD", "Word of mouth"),
                            ("OTHER", "Other way"),
                            ("PORTAL", "Portal"),
                            ("API", "API"),
                            ("FILE", "File"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[("TENANT", "Tenant"), ("THEIRS", "Customer of a tenant")],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                ("demand", models.CharField(blank=True, max_length=400)),
                ("happened_on", models.DateField(blank=True, null=True)),
                ("source", models.JSONField(blank=True, default=dict)),
                ("item", models.CharField(blank=True, max_length=40)),
                ("group", models.CharField(blank=True, max_length=40)),
                ("source_category", models.CharField(blank=True, max_length=120)),
                ("value", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("grade", models.CharField(blank=True, max_length=40)),
                ("major", models.BooleanField(default=False)),
                ("valid", models.BooleanField(blank=True, null=True)),
                ("more", models.JSONField(blank=True, default=dict)),
                ("circumstances", models.JSONField(blank=True, default=list)),
                ("circumstance_bits", models.BigIntegerField(default=0)),
                ("accused_level", models.CharField(blank=True, max_length=40)),
                ("handler_code", models.CharField(blank=True, max_length=40)),
                ("clause", models.CharField(blank=True, max_length=40)),
                ("override_reason", models.CharField(blank=True, max_length=400)),
                ("compensation", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("compensation_approved_at", models.DateTimeField(blank=True, null=True)),
                ("responded_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                ("void_reason", models.CharField(blank=True, max_length=400)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                ("malicious", models.BooleanField(default=False)),
                ("imported", models.BooleanField(default=False)),
                ("access_code", models.CharField(blank=True, max_length=64)),
                ("request_key", models.CharField(blank=True, max_length=80, null=True, unique=True)),
                (
                    "accused",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="customers.customer",
                        verbose_name="Customer",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "joined_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "manual",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.manualversion",
                    ),
                ),
                (
                    "ruling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.ruling",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["unit", "due_at", "id", "secrecy", "accused"],
                        name="complaint_unit_due",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["due_at", "id", "unit", "secrecy", "handler", "taker", "accused"],
                        name="complaint_due",
                    ),
                    models.Index(
                        fields=["unit", "-opened_at", "-id", "secrecy", "accused", "joined_to"],
                        name="complaint_unit_opened",
                    ),
                    models.Index(
                        fields=[
                            "-opened_at",
                            "-id",
                            "unit",
                            "secrecy",
                            "handler",
                            "taker",
                            "accused",
                            "joined_to",
                        ],
                        name="complaint_opened",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("closed_at__isnull", False), ("joined_to", None), ("voided_at", None)
                        ),
                        fields=["unit", "secrecy", "accused"],
                        name="complaint_unit_closed",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("closed_at__isnull", False), ("joined_to", None), ("voided_at", None)
                        ),
                        fields=["-closed_at", "-id", "unit", "secrecy", "handler", "taker", "accused"],
                        name="complaint_closed",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["handler", "due_at"],
                        name="complaint_handler",
                    ),
                    models.Index(
                        condition=models.Q(("closed_at", None)),
                        fields=["item", "unit", "secrecy", "handler", "taker", "accused"],
                        name="complaint_to_classify",
                    ),
                    models.Index(fields=["customer", "-opened_at"], name="complaint_customer"),
                    models.Index(
                        condition=models.Q(("joined_to__isnull", False)),
                        fields=["joined_to", "opened_at"],
                        name="complaint_joined",
                    ),
                    models.Index(fields=["accused", "opened_at"], name="complaint_accused"),
                    models.Index(
                        condition=models.Q(("secrecy__gte", 9)),
                        fields=["handler", "taker", "accused"],
                        name="complaint_confidential",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="complaint_value_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("compensation", None), ("compensation__gte", 0), _connector="OR"),
                        name="complaint_compensation_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accused", None),
                            ("handler", None),
                            models.Q(("accused", models.F("handler")), _negated=True),
                            _connector="OR",
                        ),
                        name="complaint_nobody_handles_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("voided_at", None), models.Q(("void_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="complaint_void_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_to", None),
                            models.Q(("closed_at__isnull", False), ("voided_at", None)),
                            _connector="OR",
                        ),
                        name="complaint_joined_is_closed_and_not_void",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_to", None),
                            models.Q(("joined_to", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="complaint_not_joined_to_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("removal_reason", models.CharField(blank=True, max_length=400)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("removed_at", None)),
                        fields=["person", "complaint"],
                        name="member_person",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("complaint", "person"),
                        name="member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="member_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at", None), ("removed_by", None)),
                            models.Q(
                                ("removed_at__isnull", False),
                                ("removed_by__isnull", False),
                                models.Q(("removal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="member_removed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapaCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "capa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="complaints.capa",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capa_cases",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("capa", "complaint"), name="capa_case_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)), fields=("complaint",), name="capa_one_under_way"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="capa",
            name="recurs",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.complaint",
            ),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("ways", models.JSONField(default=list)),
                ("agreed", models.BooleanField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("COUNTER", "Counter"),
                            ("PHONE", "Phone"),
                            ("LETTER", "Letter"),
                            ("FAX", "Fax"),
                            ("EMAIL", "E-mail"),
                            ("MEDIA", "Media"),
                            ("WORD", "Word of mouth"),
                            ("OTHER", "Other way"),
                            ("PORTAL", "Portal"),
                            ("API", "API"),
                            ("FILE", "File"),
                        ],
                        max_length=10,
                    ),
                ),
                ("who", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("who", ""), _negated=True), name="agreement_by_somebody"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("REPLY", "Reply"),
                            ("NOTE", "Internal note"),
                            ("CUSTOMER", "From the customer"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("COUNTER", "Counter"),
                            ("PHONE", "Phone"),
                            ("LETTER", "Letter"),
                            ("FAX", "Fax"),
                            ("EMAIL", "E-mail"),
                            ("MEDIA", "Media"),
                            ("WORD", "Word of mouth"),
                            ("OTHER", "Other way"),
                            ("PORTAL", "Portal"),
                            ("API", "API"),
                            ("FILE", "File"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["complaint", "at"], name="complaints__complai_e67022_idx")],
            },
        ),
        migrations.CreateModel(
            name="Fault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("offence", models.CharField(max_length=40)),
                ("happened_on", models.DateField()),
                ("evidence", models.TextField()),
                ("confirmed", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="faults",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="faults", to="parties.party"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["person", "offence", "happened_on"], name="complaints__person__f09460_idx"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("by")), _negated=True),
                        name="fault_nobody_judges_self",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed", True)),
                        fields=("complaint", "person", "offence"),
                        name="fault_once_per_complaint",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "source",
                    models.CharField(
                        choices=[("STAFF", "Return visit"), ("PORTAL", "Portal")],
                        default="STAFF",
                        max_length=6,
                    ),
                ),
                ("reached", models.BooleanField()),
                ("ended", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Very dissatisfied"),
                            (2, "Dissatisfied"),
                            (3, "Fair"),
                            (4, "Satisfied"),
                            (5, "Very satisfied"),
                        ],
                        null=True,
                    ),
                ),
                ("resolved", models.BooleanField(blank=True, null=True)),
                ("dissatisfied", models.BooleanField(default=False)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["complaint", "at", "satisfaction"], name="follow_up_latest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction", None), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="follow_up_scale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended", False),
                                ("reached", True),
                                ("resolved__isnull", False),
                                ("satisfaction__isnull", False),
                            ),
                            models.Q(
                                ("reached", False),
                                ("resolved", None),
                                ("satisfaction", None),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="follow_up_reached_or_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", "PORTAL")),
                        fields=("complaint", "round"),
                        name="follow_up_portal_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("SPECIAL_CASE", "Special-case warranty"),
                            ("GOODWILL", "Special compensation (goodwill)"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        blank=True,
                        choices=[("MAINTENANCE", "Free maintenance"), ("COST", "Costs borne")],
                        max_length=12,
                    ),
                ),
                ("cost", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("asked", models.DecimalField(decimal_places=2, max_digits=14)),
                ("granted", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "Asked for"),
                            ("GRANTED", "Granted"),
                            ("REFUSED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="ASKED",
                        max_length=10,
                    ),
                ),
                ("clause", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approval",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.approval",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "ruling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.ruling",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="grant_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked__gt", 0),
                            models.Q(
                                ("granted", None),
                                models.Q(("granted__gt", 0), ("granted__lte", models.F("asked"))),
                                _connector="OR",
                            ),
                        ),
                        name="grant_within_what_was_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "SPECIAL_CASE"), _negated=True),
                            models.Q(
                                ("cost__isnull", False),
                                ("asked__lt", models.F("cost")),
                                models.Q(
                                    ("granted", None), ("granted__lt", models.F("cost")), _connector="OR"
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="grant_below_repair_cost",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "GOODWILL"), models.Q(("form", ""), _negated=True)),
                            models.Q(("kind", "SPECIAL_CASE"), ("form", "")),
                            _connector="OR",
                        ),
                        name="grant_goodwill_has_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="grant_nobody_decides_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", None), ("state__in", ["ASKED", "WITHDRAWN"])),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("granted__isnull", False),
                                ("state", "GRANTED"),
                            ),
                            models.Q(("decided_by__isnull", False), ("granted", None), ("state", "REFUSED")),
                            _connector="OR",
                        ),
                        name="grant_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["ASKED", "GRANTED"])),
                        fields=("complaint", "kind"),
                        name="grant_one_of_a_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grumble",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("secrecy", models.PositiveSmallIntegerField(default=0)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("COUNTER", "Counter"),
                            ("PHONE", "Phone"),
                            ("VISIT", "Visit"),
                            ("FOLLOW_UP", "Follow-up contact"),
                            ("SURVEY", "Survey"),
                            ("SOCIAL", "Social media"),
                            ("STAFF", "Heard by staff"),
                            ("OTHER", "Other way"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField()),
                ("item", models.CharField(blank=True, max_length=40)),
                ("action", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("again_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Not settled yet"),
                            ("SETTLED", "Settled"),
                            ("COMPLAINT", "Became a complaint"),
                        ],
                        default="OPEN",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("request_key", models.CharField(blank=True, max_length=80, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grumble",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grumbles",
                        to="customers.customer",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "-at", "-id", "secrecy", "by"], name="grumble_unit_at"),
                    models.Index(fields=["-at", "-id", "unit", "secrecy", "by"], name="grumble_at"),
                    models.Index(fields=["customer", "-at"], name="grumble_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="grumble_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("complaint__isnull", False), ("state", "COMPLAINT")),
                            models.Q(models.Q(("state", "COMPLAINT"), _negated=True), ("complaint", None)),
                            _connector="OR",
                        ),
                        name="grumble_complaint_if_it_became_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "SETTLED"), _negated=True),
                            models.Q(("action", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="grumble_settled_by_an_action",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Joining",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=60)),
                ("stage_kind", models.CharField(max_length=20)),
                ("duties", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("part_reason", models.CharField(blank=True, max_length=400)),
                ("parted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joinings",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "main",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_in",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "parted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("parted_at", None)),
                        fields=("complaint",),
                        name="joining_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("complaint", models.F("main")), _negated=True),
                        name="joining_not_to_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="joining_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part_reason", ""), ("parted_at", None), ("parted_by", None)),
                            models.Q(
                                ("parted_at__isnull", False),
                                ("parted_by__isnull", False),
                                models.Q(("part_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="joining_parted_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Malice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ASKED", "To be confirmed"),
                            ("CONFIRMED", "Confirmed"),
                            ("REFUSED", "Not confirmed"),
                            ("REVOKED", "Taken back"),
                        ],
                        default="ASKED",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=400)),
                ("evidence", models.TextField()),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("opinion", models.CharField(blank=True, max_length=400)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoke_reason", models.CharField(blank=True, max_length=400)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="malices",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "malices",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["ASKED", "CONFIRMED"])),
                        fields=("complaint",),
                        name="malice_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("evidence", ""), _negated=True)
                        ),
                        name="malice_has_grounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="malice_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", None), ("state", "ASKED")),
                            models.Q(
                                models.Q(("state", "ASKED"), _negated=True), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="malice_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "REVOKED"), _negated=True),
                            models.Q(("revoke_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="malice_revoked_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OverdueSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("REMINDER", "Reminder sheet"), ("INQUIRY", "Inquiry sheet")], max_length=8
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("duty_id", models.BigIntegerField()),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("step", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField()),
                ("department", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("reply_by", models.DateTimeField(blank=True, null=True)),
                ("clause", models.CharField(max_length=40)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overdue_sheets",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.unit"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["unit", "-at"], name="overdue_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "REMINDER")),
                        fields=("duty_id", "turn"),
                        name="overdue_one_reminder_a_turn",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "INQUIRY")),
                        fields=("complaint",),
                        name="overdue_one_inquiry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="overdue_answer_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Penalty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("count", models.PositiveSmallIntegerField()),
                ("month", models.DateField()),
                ("allowance", models.CharField(max_length=40)),
                ("measure", models.CharField(max_length=40)),
                ("deducts", models.BooleanField(default=False)),
                ("clause", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[("PROPOSED", "Proposed"), ("IMPOSED", "Imposed"), ("DROPPED", "Dropped")],
                        default="PROPOSED",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("opinion", models.CharField(blank=True, max_length=400)),
                ("appeal", models.TextField(blank=True)),
                ("appealed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approval",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.approval",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "fault",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalty",
                        to="complaints.fault",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="penalties",
                        to="parties.party",
                    ),
                ),
                (
                    "ruling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.ruling"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "penalties",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deducts", True), models.Q(("state", "DROPPED"), _negated=True)),
                        fields=("person", "month"),
                        name="penalty_one_deduction_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="penalty_nobody_decides_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=400)),
                ("stage", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField()),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("valid", models.BooleanField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reopenings",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["round"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "round"), name="reopening_round_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="reopening_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at__gte", models.F("closed_at"))), name="reopening_after_close"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("OWN", "Own department"),
                            ("SUPPLIER", "Supplier"),
                            ("CARRIER", "Carrier"),
                            ("CUSTOMER", "Customer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("nature", models.CharField(blank=True, max_length=200)),
                ("evidence", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "place"), name="share_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("percent__lte", 100)),
                        name="share_within_hundred",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), ("side", "OWN"), ("unit__isnull", False)),
                            models.Q(
                                ("side__in", ["SUPPLIER", "CARRIER"]),
                                ("unit", None),
                                models.Q(("name", ""), _negated=True),
                            ),
                            models.Q(("side", "CUSTOMER"), ("unit", None)),
                            _connector="OR",
                        ),
                        name="share_of_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True), name="share_has_evidence"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("decision", models.BooleanField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["complaint", "kind"], name="complaints__complai_607c81_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("IN_USE", "In use"),
                            ("REPLACED", "Replaced"),
                            ("WORSE", "Not taken: clearly worse than the one in use"),
                            ("TOO_LITTLE", "Not trained: too few cases"),
                        ],
                        max_length=10,
                    ),
                ),
                ("cases", models.PositiveIntegerField()),
                ("classes", models.PositiveIntegerField()),
                ("wanted", models.PositiveIntegerField()),
                ("learned_from", models.CharField(max_length=64)),
                ("macro_f1", models.FloatField(blank=True, null=True)),
                ("macro_f1_std", models.FloatField(blank=True, null=True)),
                ("figures", models.JSONField(blank=True, default=dict)),
                ("labels", models.JSONField(blank=True, default=list)),
                ("bias", models.JSONField(blank=True, default=list)),
                ("temperature", models.FloatField(default=1)),
                ("shift", models.JSONField(blank=True, default=list)),
                ("longest", models.PositiveSmallIntegerField(default=2)),
                ("threshold", models.FloatField(default=2)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "number"), name="suggest_model_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "IN_USE")),
                        fields=("key",),
                        name="suggest_model_one_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("macro_f1", None), ("state", "TOO_LITTLE")),
                            models.Q(
                                models.Q(("state", "TOO_LITTLE"), _negated=True), ("macro_f1__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="suggest_model_has_figures",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=40)),
                ("chosen", models.CharField(max_length=40)),
                ("taken", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggest_answer",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="complaints.suggestmodel",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["model", "label", "taken"], name="suggest_answer_label")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken", True), ("chosen", models.F("label"))),
                            models.Q(
                                ("taken", False), models.Q(("chosen", models.F("label")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="suggest_answer_taken_is_chosen",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=8)),
                ("weights", models.BinaryField()),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="complaints.suggestmodel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("model", "token"), name="suggest_token_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Summary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("WEEK", "Weekly summary"), ("ANALYSIS", "Complaint analysis")], max_length=8
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("clause", models.CharField(blank=True, max_length=40)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "read_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.record",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.unit"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.manualversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "summaries",
                "ordering": ["-first", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "WEEK")),
                        fields=("unit", "first"),
                        name="summary_one_a_week",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))), name="summary_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("record", None), ("signed_at", None), ("signed_by", None)),
                            models.Q(
                                ("record__isnull", False),
                                ("signed_at__isnull", False),
                                ("signed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="summary_signed_has_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("read_by", None),
                            models.Q(
                                ("signed_by__isnull", False),
                                models.Q(("read_by", models.F("signed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="summary_read_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=400)),
                ("due_on", models.DateField()),
                ("result", models.CharField(blank=True, max_length=400)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="complaints.summary",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="measure_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None), models.Q(("result", ""), _negated=True), _connector="OR"
                        ),
                        name="measure_done_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapaAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CONTAINMENT", "Temporary measure"),
                            ("CORRECTIVE", "Corrective"),
                            ("PREVENTIVE", "Preventive"),
                        ],
                        max_length=12,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("what", models.TextField()),
                ("owner_post", models.CharField(blank=True, max_length=60)),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("evidence", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "capa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="complaints.capa",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
                (
                    "duty",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="duties.duty",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owner__isnull", False),
                            models.Q(("owner_post", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="capa_action_has_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("done_by__isnull", False), models.Q(("evidence", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="capa_action_done_with_evidence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapaCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("MAN", "Man"),
                            ("MACHINE", "Machine"),
                            ("MATERIAL", "Material"),
                            ("METHOD", "Method"),
                            ("ENVIRONMENT", "Environment"),
                            ("MEASUREMENT", "Measurement"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("verified", models.BooleanField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "capa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="complaints.capa",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subs",
                        to="complaints.capacause",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="capa_cause_has_text"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CapaJudgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("REVIEW", "Review"), ("APPROVAL", "Approval"), ("EFFECT", "Effect check")],
                        max_length=8,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("passed", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("on", models.DateField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("snapshot", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "capa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="complaints.capa",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("planned_by", models.F("by")), _negated=True),
                        name="capa_nobody_judges_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("passed", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="capa_refused_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "EFFECT"), _negated=True),
                            models.Q(("on__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="capa_effect_has_evidence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CapaWhy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("answer", models.CharField(max_length=400)),
                ("root", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
                (
                    "capa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="whys", to="complaints.capa"
                    ),
                ),
            ],
            options={
                "ordering": ["chain", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("capa", "chain", "place"), name="capa_why_place"),
                    models.UniqueConstraint(
                        condition=models.Q(("root", True)), fields=("capa", "chain"), name="capa_why_one_root"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("chain__gte", 1), ("place__gte", 1), models.Q(("answer", ""), _negated=True)
                        ),
                        name="capa_why_from_one",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="capa",
            index=models.Index(fields=["unit", "-opened_at"], name="capa_unit_opened"),
        ),
        migrations.AddIndex(
            model_name="capa",
            index=models.Index(fields=["phase", "-opened_at"], name="capa_phase"),
        ),
        migrations.AddConstraint(
            model_name="capa",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phase", "CLOSED"), _negated=True),
                    models.Q(("ended_at__isnull", False), models.Q(("lesson", ""), _negated=True)),
                    _connector="OR",
                ),
                name="capa_closed_with_lesson",
            ),
        ),
        migrations.AddConstraint(
            model_name="capa",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phase", "DROPPED"), _negated=True),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="capa_dropped_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="capa",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phase__in", ["REVIEW", "APPROVAL"]), _negated=True),
                    ("submitted_by__isnull", False),
                    _connector="OR",
                ),
                name="capa_judged_only_when_submitted",
            ),
        ),
    ]
