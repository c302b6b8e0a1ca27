from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "zhike.tracking"
    label = "tracking"

    def ready(self) -> None:
        from zhike.customers.privacy import holdings

        from . import ready

        ready.ready()
        holdings.register(
            holdings.Holding(
                "tracking",
                deleted=frozenset({"tracking.Observation", "tracking.RoleEvidence", "tracking.ServicePlan"}),
                emptied={
                    "tracking.Plan": dict.fromkeys(
                        ("place", "suits", "origin", "resting", "silence", "risk_why", "risk_measure"), ""
                    ),
                    "tracking.Moment": {"template": "", "reply": ""},
                },
                kept=frozenset({"tracking.Activity_customers"}),
            )
        )
