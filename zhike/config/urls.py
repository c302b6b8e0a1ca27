"""All addresses. Apps add themselves here and nowhere else."""

from django.urls import URLPattern, URLResolver, include, path

from zhike.channels.api import api
from zhike.complaints import portal as complaint_portal
from zhike.complaints.api import router as complaints_router
from zhike.complaints.grumbles.api import router as grumbles_router
from zhike.complaints.importing import views as complaint_import
from zhike.customers.dossier import portal as member_portal
from zhike.manuals import portal as commitment_portal
from zhike.people.views.me import set_language

api.add_router("/complaints", complaints_router)
api.add_router("/grumbles", grumbles_router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("portal/complaints/", include((complaint_portal.urlpatterns, "complaint_portal"))),
    path("portal/commitments/", include((commitment_portal.urlpatterns, "commitment_portal"))),
    path("portal/members/", include((member_portal.urlpatterns, "member_portal"))),
    path("language/", set_language, name="set_language"),
    path("complaints/import/", include((complaint_import.urlpatterns, "complaint_import"))),
    path("grumbles/", include("zhike.complaints.grumbles.urls")),
    path("complaints/", include("zhike.complaints.urls")),
    path("customers/", include("zhike.customers.urls")),
    path("tracking/", include("zhike.tracking.urls")),
    path("visits/", include("zhike.visits.urls")),
    path("manuals/", include("zhike.manuals.urls")),
    path("", include("zhike.people.urls")),
    path("", include("zhike.ui.urls")),
    path("", include("zhike.workbench.urls")),
    path("", include("zhike.channels.urls")),
]
