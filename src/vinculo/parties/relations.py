"""Who works where, since when and as what; the current company of a person follows from it."""

from __future__ import annotations

from datetime import date

from django.db.models import F
from django.utils import timezone

from vinculo.kernel.clock import today
from vinculo.kernel.errors import DomainError, _
from vinculo.parties.models import Company, Party, Person, Relation, Role
from vinculo.platform.models import User


def today_here() -> date:
    """The reader's calendar day."""
    return today(timezone.get_current_timezone())


def begin(
    person: Person,
    company: Company,
    *,
    role: str = Role.EMPLOYEE,
    title: str = "",
    started_on: date | None = None,
) -> Relation:
    """Note that a person works in a company; the newest open relation is the current company.

    Raises DomainError when the person already works there.
    """
    _lock(person)
    if Relation.objects.filter(person=person, company=company, ended_on__isnull=True).exists():
        raise DomainError(_("%(person)s already works there."), field="company", person=person.name)
    if started_on is not None and started_on > today_here():
        raise DomainError(_("Choose today or an earlier day."), field="started_on")
    relation = Relation.objects.create(
        person=person, company=company, role=role, title=title, started_on=started_on
    )
    settle(person)
    if title and person.company_id == company.pk:
        set_job_title(person, title)
    return relation


def correct(relation: Relation, *, role: str, title: str, started_on: date | None) -> None:
    """Correct what a person is in a company, and since when.

    Raises DomainError on `started_on` for a day in the future or after the end.
    """
    if started_on is not None:
        if started_on > today_here():
            raise DomainError(_("Choose today or an earlier day."), field="started_on")
        if relation.ended_on is not None and relation.ended_on < started_on:
            raise DomainError(_("A relation cannot end before it begins."), field="started_on")
    _lock(relation.person)
    relation.role, relation.title, relation.started_on = role, title, started_on
    relation.save(update_fields=["role", "title", "started_on"])
    settle(relation.person)
    if relation.ended_on is None and relation.person.company_id == relation.company_id:
        Party.objects.filter(pk=relation.person_id).update(job_title=title)


def end(relation: Relation, ended_on: date) -> None:
    """Note that a person does not work in a company any more.

    Raises DomainError on `ended_on` for a day in the future or before the beginning.
    """
    if ended_on > today_here():
        raise DomainError(_("Choose today or an earlier day."), field="ended_on")
    if relation.started_on is not None and ended_on < relation.started_on:
        raise DomainError(_("A relation cannot end before it begins."), field="ended_on")
    _lock(relation.person)
    relation.ended_on = ended_on
    relation.save(update_fields=["ended_on"])
    settle(relation.person)


def settle(person: Person) -> None:
    """Let the person's current company follow the newest open relation."""
    newest = (
        Relation.objects.filter(person=person, ended_on__isnull=True)
        .order_by(F("started_on").desc(nulls_last=True), "-pk")
        .first()
    )
    company_id = newest.company_id if newest else None
    if person.company_id != company_id:
        person.company_id = company_id
        Party.objects.filter(pk=person.pk).update(company_id=company_id)


def move_to(person: Person, company: Company | None) -> None:
    """The person's current company was corrected: end what was, begin what is, from today on."""
    if person.company_id == (company.pk if company else None) and _has_open(person, company):
        return
    _lock(person)
    day = today_here()
    for old in Relation.objects.filter(person=person, ended_on__isnull=True):
        if old.started_on is not None and old.started_on >= day:
            old.delete()  # begun today and taken back today: it never was
        elif company is None or old.company_id != company.pk:
            old.ended_on = day
            old.save(update_fields=["ended_on"])
    if company is not None and not _has_open(person, company):
        known_before = Relation.objects.filter(person=person).exists()
        Relation.objects.create(
            person=person,
            company=company,
            title=person.job_title,
            started_on=day if known_before else None,
        )
    settle(person)


def set_job_title(person: Person, title: str) -> None:
    """What the person is in their current company."""
    person.job_title = title
    Party.objects.filter(pk=person.pk).update(job_title=title)
    if person.company_id is not None:
        Relation.objects.filter(
            person=person, company_id=person.company_id, ended_on__isnull=True
        ).update(title=title)


def write_job_title(record: Person, value: str, actor: User) -> None:
    """What the record machinery calls when a job title is typed in a form."""
    set_job_title(record, value or "")


def write_company(record: Person, value: Company | None, actor: User) -> None:
    """What the record machinery calls when a person's company is chosen in a form."""
    from vinculo.parties.derived import refresh

    before = record.company_id
    move_to(record, value)
    refresh({pk for pk in (before, record.company_id) if pk})


def _has_open(person: Person, company: Company | None) -> bool:
    open_ones = Relation.objects.filter(person=person, ended_on__isnull=True)
    if company is None:
        return not open_ones.exists()
    return open_ones.filter(company=company).exists()


def _lock(person: Person) -> None:
    """Two people who move the same person wait for each other."""
    list(
        Party.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=person.pk)
        .values_list("pk")
    )
