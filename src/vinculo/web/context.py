"""What every page of the shell shows around its content."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and links of the signed-in reader."""
    return {}
