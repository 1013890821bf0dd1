"""The `Idempotency-Key` header: a writing call that is sent twice is carried out once.

As the IETF's draft has it (draft-ietf-httpapi-idempotency-key-header): the same key with the same
call is answered as the first time, with another call it is refused with 422, and while the first
is still at work the second waits for it, or is told 409. A refusal is not remembered: nothing was
done, so the call may be tried again with the same key.
"""

import re
from collections.abc import Callable

from django.http import HttpResponse
from django.utils.translation import gettext

from vinculo.platform import once
from vinculo.platform.access import rights_of
from vinculo.platform.models import User
from vinculo.platform.refusals import sentence
from vinculo.records.api.errors import ApiError, to_json
from vinculo.records.views.common import Request

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
#: A structured string ("8e03978e…") or, as most programs send it, the bare characters.
KEY = re.compile(r'"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,200})"|([\x21\x23-\x7e]{1,200})')
WRITING = ("POST", "PATCH", "DELETE")
TOLD_AGAIN = ("Content-Type", "Location", "ETag", "Vinculo-Change-Set")


def carry_out_once(
    request: Request, holder: str, handle: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer the call; one that carries a key that was there before is answered as it was then."""
    given = request.headers.get(HEADER)
    if given is None or request.method not in WRITING:
        return handle()
    key = _key(given)
    digest = once.digest_of(
        (request.method or "").encode(),
        request.get_full_path().encode(),
        (request.content_type or "").encode(),
        request.headers.get("If-Match", "").encode(),
        _body(request),
    )
    try:
        with once.carry_out(
            holder=holder, key=key, digest=digest, rights=_sight(request.user)
        ) as attempt:
            if attempt.earlier is not None:
                return _again(attempt.earlier)
            response = handle()
            headers = {name: response[name] for name in TOLD_AGAIN if name in response}
            attempt.keep(response.status_code, headers, response.content.decode())
            return response
    except once.AnotherBody as error:
        raise ApiError(422, "idempotency_key_reused", sentence(error)) from error


def _key(given: str) -> str:
    match = KEY.fullmatch(given.strip())
    if match is None:
        message = gettext("The Idempotency-Key header takes 1 to 200 visible characters.")
        raise ApiError(400, "bad_request", message)
    return match[1] or match[2]


def _body(request: Request) -> bytes:
    from vinculo.records.api.bodies import raw_body

    if request.content_type == "multipart/form-data":
        typed = sorted(request.POST.lists())
        files = []
        for name, many in sorted(request.FILES.lists()):
            for one in many:
                files.append((name, one.name, one.read()))
                one.seek(0)
        return repr((typed, files)).encode()
    return raw_body(request)


def _sight(user: User) -> str:
    """A fingerprint of what the caller may do: an answer is not told to less rights again."""
    rights = rights_of(user)
    told = [
        rights.administrator,
        rights.grants,
        sorted(rights.team_ids),
        rights.field_rules,
        sorted(rights.actions),
    ]
    return once.digest_of(to_json(told))


def _again(answer: once.Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    response[REPLAYED] = "true"
    return response
