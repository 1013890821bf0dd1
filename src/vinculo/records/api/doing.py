"""Actions through the API: the same functions and the same forms as on the screen, from JSON."""

import inspect
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.forms import ModelMultipleChoiceField, MultipleChoiceField
from django.http import HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import localize_input
from django.utils.translation import gettext

from vinculo.kernel.errors import NotAllowed, _
from vinculo.platform import journal
from vinculo.platform.actions import Action, actions, get_action
from vinculo.records.api.bodies import json_body
from vinculo.records.api.errors import Problem, invalid, invalid_field, json_response, not_found
from vinculo.records.api.reading import find_record, known_parameters
from vinculo.records.api.values import NO_INSTANT, api_url, in_utc, unknown
from vinculo.records.api.writing import CHANGE_SET
from vinculo.records.entity import Entity
from vinculo.records.forms import TagsField
from vinculo.records.registry import entity_of
from vinculo.records.views.common import Request

MULTIPART = "multipart/form-data"


def offered_alone() -> list[Action]:
    """Actions that are about no record. Accounts, roles and keys stay a matter of the browser."""
    return [
        action
        for action in actions().values()
        if not action.on and action.form is not None and not action.name.startswith("platform.")
    ]


def act_on(request: Request, entity: Entity, pk: int, name: str) -> HttpResponse:
    """Do an action on a record."""
    record = find_record(request, entity, pk)
    action = get_action(name)
    if action is None or entity.key not in action.on:
        raise not_found()
    return _act(request, action, entity.visible(request.user).get(pk=record.pk))


def act_alone(request: Request, name: str) -> HttpResponse:
    """Do an action that is about no record."""
    action = next((one for one in offered_alone() if one.name == name), None)
    if action is None:
        raise not_found()
    return _act(request, action, None)


def _act(request: Request, action: Action, record: Any) -> HttpResponse:
    if not action.allowed(request.user):
        raise NotAllowed(_("You may not do this. Ask an administrator for the right to."))
    known_parameters(request, ())
    values = _values(request, action, record)
    if action.subject and record is not None:
        values[action.subject] = record
    with journal.change_set(
        actor=request.user, verb=action.name, label=str(record) if record is not None else ""
    ) as opened:
        result = action.function(actor=request.user, **values)
    response = json_response({"data": _told(request, result)})
    response[CHANGE_SET] = str(opened.id)
    return response


def _told(request: Request, result: Any) -> dict[str, Any] | None:
    """What an action made, if it is a record that the caller may see."""
    if not isinstance(result, models.Model) or result.pk is None:
        return None
    entity = entity_of(result)
    if entity is None or not entity.visible(request.user).filter(pk=result.pk).exists():
        return None
    return {
        "type": entity.key,
        "id": result.pk,
        "name": str(result),
        "url": api_url(entity, result.pk),
    }


# --- the form, filled from JSON ----------------------------------------------------------------


def blank_form(action: Action, user: Any, record: Any) -> forms.Form | None:
    """The action's form as it opens: with the fields and first values that fit user and record."""
    if action.form is None:
        return None
    form: forms.Form = action.form(None, None, user=user, record=record)
    return form


def takes_files(form: forms.Form | None) -> bool:
    """Whether the form asks for a file, which JSON cannot carry."""
    return form is not None and any(isinstance(f, forms.FileField) for f in form.fields.values())


def _values(request: Request, action: Action, record: Any) -> dict[str, Any]:
    """The clean values of the action's form; ApiError naming every input that does not fit."""
    blank = blank_form(action, request.user, record)
    if blank is None:
        body = json_body(request, may_be_empty=True)
        _refuse_unknown(body, ())
        return {}
    if takes_files(blank) and request.content_type == MULTIPART:
        _refuse_unknown([*request.POST, *request.FILES], blank.fields)
        data: MultiValueDict[str, Any] = request.POST.copy()
        files: MultiValueDict[str, Any] = request.FILES
        given: Iterable[str] = request.POST
    else:
        body = json_body(request, may_be_empty=True)
        _refuse_unknown(body, blank.fields)
        data, files, given = _as_form_data(blank, body), MultiValueDict(), body
    for name, value in first_values(action, blank).items():
        if name not in given:
            _put(data, blank.fields[name], name, value)
    form = action.form(data, files, user=request.user, record=record)
    if not form.is_valid():
        raise invalid(_problems(form))
    return {name: _instant(name, value) for name, value in form.cleaned_data.items()}


def _instant(name: str, value: Any) -> Any:
    """An instant as the database takes it, whatever zone it was sent in; all else as it is."""
    if not isinstance(value, datetime):
        return value
    try:
        return in_utc(value)
    except (ValueError, OverflowError):
        raise invalid_field(name, gettext(NO_INSTANT)) from None


def _refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    strange = [Problem(name[:60], unknown(name)) for name in names if name not in known]
    if strange:
        raise invalid(strange[:20])


def first_values(action: Action, blank: forms.Form) -> dict[str, Any]:
    """What an input holds when nobody touches it: the form's first value, else the function's."""
    parameters = inspect.signature(action.function).parameters
    found = {}
    for name, field in blank.fields.items():
        value = blank.get_initial_for_field(field, name)
        if value is None and name in parameters:
            default = parameters[name].default
            value = None if default is inspect.Parameter.empty else default
        if value is not None and not isinstance(field, forms.FileField):
            found[name] = value
    return found


def _as_form_data(blank: forms.Form, body: dict[str, Any]) -> "MultiValueDict[str, Any]":
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in body.items():
        field = blank.fields[name]
        problem = _wrong_type(field, value)
        if problem:
            raise invalid_field(name, problem)
        _put(data, field, name, value)
    return data


def _wrong_type(field: forms.Field, value: Any) -> str:
    """What is wrong with a value's JSON type, "" when nothing is."""
    many = isinstance(field, MultipleChoiceField | ModelMultipleChoiceField | TagsField)
    if value is None:
        return ""
    if isinstance(field, forms.BooleanField):
        return "" if isinstance(value, bool) else gettext("Send true or false here.")
    if many:
        right = isinstance(value, list) and all(isinstance(item, str | int) for item in value)
        return "" if right else gettext("Send a list here.")
    if isinstance(field, forms.ModelChoiceField):
        right = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
        return "" if right else gettext("Send the id of a record here.")
    if isinstance(value, bool | list | dict):
        return gettext("Send text or a number here.")
    return ""


def _put(data: "MultiValueDict[str, Any]", field: forms.Field, name: str, value: Any) -> None:
    """A value as a browser's form would have sent it."""
    if value is None or value is False:
        return
    if isinstance(field, TagsField) and isinstance(value, list):
        data[name] = ", ".join(str(item) for item in value)
    elif isinstance(value, list | tuple):
        data.setlist(name, [_text(field, item) for item in value])
    else:
        data[name] = _text(field, value)


def _text(field: forms.Field, value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).isoformat() if timezone.is_aware(value) else value.isoformat()
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(localize_input(value)) if field.localize else format(value, "f")
    return str(getattr(value, "value", value))


def _problems(form: Any) -> list[Problem]:
    return [
        Problem(None if name == "__all__" else name, str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
