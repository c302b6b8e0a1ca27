"""First data: the register of posts, duties, powers and functions (S002-02 to S002-04). Idempotent.

What is missing is added; what is there stays as the enterprise left it. The grants of a post are given only
together with the post or with a power that is new, so a power that was taken away does not come back.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from .models import DepartmentDuty, Function, Post, PostDuty, PostPower, Power

# the parser written in C where the library has it; both are the safe ones
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DATA = Path(__file__).parent / "data"
_KINDS = {"0": Function.Kind.OVERALL, "1": Function.Kind.INTERNAL, "2": Function.Kind.EXTERNAL}


@lru_cache(maxsize=8)
def data(name: str) -> Any:
    """The content of one data file; callers must not change it."""
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=LOADER)


@transaction.atomic
def populate() -> None:
    """Add every power, post, duty, grant, function and departmental duty that is not there yet."""
    new_powers = _powers()
    new_posts = _posts()
    if new_posts:
        _post_duties(new_posts)
    if new_posts or new_powers:
        _grants(new_posts, new_powers)
    _functions()


def _powers() -> set[str]:
    known = set(Power.objects.values_list("code", flat=True))
    rows = [row for row in data("powers") if row[0] not in known]
    Power.objects.bulk_create(
        Power(code=code, module=module, register=register, kind=kind, name=name, name_en=name_en)
        for code, module, register, kind, name, name_en in rows
    )
    return {row[0] for row in rows}


def _posts() -> set[str]:
    known = set(Post.objects.values_list("code", flat=True))
    rows = [row for row in data("posts") if row["code"] not in known]
    if not rows:
        return set()
    Post.objects.bulk_create(
        Post(
            code=row["code"],
            name=row["name"],
            name_en=row["en"],
            aliases=row.get("aliases", []),
            purpose=row["purpose"],
            purpose_en=row["purpose_en"],
            rank=row.get("rank", 30),
            leads_unit=row.get("leads_unit", False),
            is_staff_position=row.get("is_staff_position", False),
            clearance=row.get("clearance", 0),
            source=row["source"],
        )
        for row in rows
    )
    posts = {post.code: post for post in Post.objects.all()}
    fresh = [posts[row["code"]] for row in rows]
    for post, row in zip(fresh, rows, strict=True):
        post.reports_to = posts.get(row.get("reports_to", ""))
    Post.objects.bulk_update(fresh, ["reports_to"])
    return {post.code for post in fresh}


def _post_duties(new: set[str]) -> None:
    posts, powers = Post.objects.in_bulk(field_name="code"), Power.objects.in_bulk(field_name="code")
    PostDuty.objects.bulk_create(
        PostDuty(
            post=posts[row["code"]],
            number=number,
            text=duty[0],
            text_en=duty[1],
            power=powers.get(duty[2]) if len(duty) > 2 else None,
            is_proposed=row.get("proposed", False),
        )
        for row in data("posts")
        if row["code"] in new
        for number, duty in enumerate(row.get("duties", []), start=1)
    )


def _grants(new_posts: set[str], new_powers: set[str]) -> None:
    posts, powers = Post.objects.in_bulk(field_name="code"), Power.objects.in_bulk(field_name="code")
    PostPower.objects.bulk_create(
        (
            PostPower(post=posts[post], power=powers[power], scope=scope)
            for post, grants in data("grants")["posts"].items()
            for power, scope in grants.items()
            if post in new_posts or power in new_powers
        ),
        ignore_conflicts=True,
    )


def _functions() -> None:
    known = set(Function.objects.values_list("code", flat=True))
    known |= set(DepartmentDuty.objects.values_list("code", flat=True))
    content = data("functions")
    functions = [row for row in content["functions"] if row["code"] not in known]
    duties = [row for row in content["duties"] if row["code"] not in known]
    if not functions and not duties:
        return
    Function.objects.bulk_create(
        Function(
            code=row["code"],
            kind=_KINDS[row["code"][6]],
            name=row["name"],
            name_en=row["en"],
            text=row["text"],
            text_en=row["text_en"],
            systems=row.get("systems", ""),
            modules=row["modules"],
        )
        for row in functions
    )
    DepartmentDuty.objects.bulk_create(
        DepartmentDuty(code=row["code"], text=row["text"], text_en=row["text_en"], modules=row["modules"])
        for row in duties
    )
    _link(Function, functions)
    _link(DepartmentDuty, duties)


def _link(model: type[Function] | type[DepartmentDuty], rows: list[dict[str, Any]]) -> None:
    """Tie functions or departmental duties to the posts that carry them out."""
    posts = Post.objects.in_bulk(field_name="code")
    owners: dict[str, Any] = {row.code: row for row in model.objects.all()}
    through: Any = model.posts.through
    column = f"{model._meta.model_name}_id"
    through.objects.bulk_create(
        through(**{column: owners[row["code"]].pk, "post_id": posts[post].pk})
        for row in rows
        for post in row["posts"]
        if post in posts
    )
