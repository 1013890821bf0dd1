"""Django's own rooms, without the rows they write after every migration.

Rights are ours (roles, scopes, field rules), so Django's permissions and the list of tables that they
point at say nothing here, and nobody reads them.
"""

from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate


class Auth(AuthConfig):
    """Passwords, sessions' users and their middleware."""

    def ready(self) -> None:
        """What Django does, but for the permissions."""
        super().ready()
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


class ContentTypes(ContentTypesConfig):
    """What the rooms of others still refer to."""

    def ready(self) -> None:
        """What Django does, but for the list of tables."""
        super().ready()
        post_migrate.disconnect(create_contenttypes)
