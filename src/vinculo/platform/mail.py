"""Mail that Vinculo itself sends: links to sign in, and notices about somebody's account."""

from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from vinculo.platform.addresses import is_address
from vinculo.platform.jobs import enqueue, job


def address_of(path: str) -> str:
    """The absolute address of a path, from the configured one: never from a request's headers."""
    return f"{settings.VINCULO_URL.rstrip('/')}{path}"


def is_configured() -> bool:
    """Whether mail leaves the house (otherwise it lies in the outbox folder)."""
    return bool(settings.SMTP_HOST)


def send_later(to: str, subject: str, body: str) -> None:
    """Have a worker send a plain text mail."""
    enqueue(send_mail, to=to, subject=subject, body=body)


@job("platform.send_mail", retry=5)
def send_mail(*, to: str, subject: str, body: str) -> None:
    """Send one plain text mail; to nobody whose address we do not know."""
    if not is_address(to):
        return
    if not is_configured():
        # Messages hold links that open accounts: the folder is for the operator alone.
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, exist_ok=True)
    EmailMessage(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [to]).send()


@job("platform.send_invitation", retry=3)
def send_invitation(*, user_id: int) -> None:
    """Mail a one-time link to somebody invited.

    The link is made here: a job's arguments are logged, and a link is a key.
    """
    from vinculo.platform.firststeps import another_link
    from vinculo.platform.models import User

    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        context = {"user": user, "url": another_link(user), "site": settings.VINCULO_URL}
        subject = render_to_string("account/mail/invitation_subject.txt", context)
        body = render_to_string("account/mail/invitation_body.txt", context)
    send_mail(to=user.email, subject=subject, body=body)


@job("platform.send_reset_link", retry=3)
def send_reset_link(*, email: str, language: str) -> None:
    """Send a link to choose a new password to the user of this address, if there is one.

    Looking for the user happens here and not in the request, which therefore takes the same time
    whether the address is known or not.
    """
    from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
    from allauth.account.utils import user_pk_to_url_str

    from vinculo.platform.models import User

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        return
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )
    with translation.override(user.language or language):
        context = {"user": user, "url": address_of(path), "site": settings.VINCULO_URL}
        subject = render_to_string("account/mail/reset_subject.txt", context)
        body = render_to_string("account/mail/reset_body.txt", context)
    send_mail(to=user.email, subject=subject, body=body)
