"""The platform room: people, rights, actions, journal, jobs."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlatformConfig(AppConfig):
    """Installs the journal's triggers whenever the tables may have changed."""

    name = "vinculo.platform"
    label = "platform"

    def ready(self) -> None:
        from vinculo.platform import (  # noqa: F401 - registers their actions and a lookup
            firststeps,
            key_actions,
            lookups,
            people_actions,
            role_actions,
            team_actions,
            viewing_as,
        )
        from vinculo.platform.default_roles import ensure_default_roles
        from vinculo.platform.everything import export  # noqa: F401 - registers its jobs
        from vinculo.platform.leaving import actions  # noqa: F401 - registers its verbs
        from vinculo.platform.modules import switching  # noqa: F401 - registers its verb
        from vinculo.platform.seal import sealing  # noqa: F401 - registers its job
        from vinculo.platform.sensitive import rotation  # noqa: F401 - registers its job
        from vinculo.platform.terms import catalogue, renaming  # noqa: F401 - registers its verb
        from vinculo.platform.triggers import install_after_migrate

        catalogue.install()

        post_migrate.connect(install_after_migrate, sender=self)
        post_migrate.connect(ensure_default_roles, sender=self)
