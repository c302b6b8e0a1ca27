from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zhike.kernel.records"
    label = "records"

    def ready(self) -> None:
        from zhike.kernel.outbox import deliver

        from .attachments import path_of

        deliver.files_from(lambda sha256: path_of(sha256).read_bytes())
