"""Who may see a corrective action and do what with it: who works its complaints, and who is named on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from zhike.complaints import access as cases
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.parties.directory import answers, directory
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import Capa, CapaAction
from .reading import Dossier, dossier

Phase = Capa.Phase


@dataclass(frozen=True)
class MayCapa:
    """What one person may do with one corrective action, for the page."""

    work: bool  # analysis, plan, temporary measures
    submit: bool
    review: bool
    effect: bool
    close: bool
    lead: bool  # name the lead and the participants, take cases in, drop it
    audit: bool


def may_start(user: User, complaint: Complaint) -> bool:
    """Who may step the case; of a closed one, who may handle it."""
    if complaint.is_void or complaint.accused_id == user.pk:
        return False
    return cases.can(user, "handle", complaint) or cases.may(user, complaint).step


def seen(user: User) -> QuerySet[Capa]:
    """Those whose page the person may open."""
    named = queries.named_capas(user.pk, directory().answers_for(user.pk, clock.now()))
    return queries.capas(cases.scope(user)) | named


def capa_for(user: User, pk: int, to: str = "see") -> Dossier:
    """The gate: the corrective action with its rows. 404 outside the scope, 403 without the power."""
    capa = seen(user).filter(pk=pk).first()
    if capa is None:
        raise Http404
    file = dossier(capa)
    if to != "see" and not getattr(may(user, file), to):
        raise PermissionDenied(to)
    return file


def action_for(user: User, file: Dossier, pk: int, to: str) -> CapaAction:
    """A measure of it: done by its owner, by who holds the post, or by who works the corrective action."""
    action = next((one for one in file.actions if one.pk == pk), None)
    if action is None:
        raise Http404
    allowed = may(user, file).work if to == "remove" else finishes(user, file, action)
    if not allowed:
        raise PermissionDenied(to)
    return action


def finishes(user: User, file: Dossier, action: CapaAction) -> bool:
    owner = action.duty.owner_id if action.duty is not None else action.owner_id
    if user.pk == owner:
        return True
    if action.owner_post and answers(user.pk, action.owner_post, file.capa.unit_id, clock.now()):
        return True
    return may(user, file).lead


def may(user: User, file: Dossier) -> MayCapa:
    """Everything the page asks, at once."""
    capa = file.capa
    judges = user.pk == capa.lead_id or any(cases.can(user, "judge", one) for one in file.complaints)
    handles = any(cases.can(user, "handle", one) for one in file.complaints)
    named = user.pk in {capa.lead_id, capa.opened_by_id, *(one.pk for one in file.participants)}
    steps = any(one.is_open and cases.owes_stage(user, one) for one in file.complaints)
    works = named or handles or steps
    own = user.pk == capa.submitted_by_id
    return MayCapa(
        work=works,
        submit=works,
        review=judges and not own and user.pk not in file.authors,
        effect=judges and not own,
        close=judges or handles,
        lead=judges or handles or user.pk == capa.opened_by_id,
        audit=people.may(user, "audit.read", capa.unit_id),
    )
