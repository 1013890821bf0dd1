"""How allauth signs people in here: closed to strangers, silent about who has an account."""

import base64
import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from vinculo.platform.jobs import enqueue
from vinculo.platform.mail import address_of, send_later, send_reset_link


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves: administrators invite."""
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The reset link, built from the configured address."""
        return address_of(urlsplit(super().get_reset_password_from_key_url(key)).path)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, in the reader's language; a worker sends it."""
        message = self.render_mail(template_prefix, email, {**context, "email": email})
        send_later(email, message.subject, str(message.body))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # With the computer in it: failing on somebody else's address must not lock them out.
        login = str(credentials.get("email", "")).lower()
        return f"{login}:{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try against the limits; a validation error when there were too many."""
        super().pre_authenticate(request, **credentials)
        usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_account",
            key=str(credentials.get("email", "")).lower(),
        )
        if not usage:
            raise self.validation_error("too_many_login_attempts")
        self._account_usage = usage

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        self._account_usage.rollback()

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is the password of `user`, counted like a sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class ResetPasswordForm(forms.ResetPasswordForm):
    """Asks for a reset link; answers the same whether the address is known or not."""

    def clean_email(self) -> str:
        """The address as it is compared."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Have a worker look for the user and send the link."""
        email: str = self.cleaned_data["email"]
        enqueue(send_reset_link, email=email, language=get_language() or "")
        return email


class MfaAdapter(DefaultMFAAdapter):
    """The second factor; its secrets lie encrypted in the database, so that a copy of it (a
    backup) does not yield codes without the installation's own secret."""

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the configured host, whatever the request says."""
        host = urlsplit(settings.VINCULO_URL).hostname or ""
        if host in ("127.0.0.1", "::1"):
            # An address cannot own a passkey, but the same machine's name can.
            host = str(context.request.get_host()).rsplit(":", 1)[0]
        return {"id": host, "name": "Vinculo"}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on lets in who is a user already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody becomes a user by single sign-on alone."""
        return False


@lru_cache(maxsize=1)
def _cipher() -> Fernet:
    key = hashlib.sha256(b"vinculo second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
