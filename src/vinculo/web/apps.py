"""The web room: the shell around every page."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, components, styles and scripts."""

    name = "vinculo.web"
    label = "web"
