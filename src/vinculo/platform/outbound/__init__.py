"""Calls from Vinculo to other machines: only to the internet, unless an administrator said so.

    answer = post("https://example.com/hook", body, headers={…})

An address that a user typed must never lead into our own network (SSRF). So the host is resolved
once, every address it has must be a public one, and the connection goes to exactly the address that
was looked at: a name that answers differently the second time (DNS rebinding) gains nothing.
Redirects are not followed; time and sizes are bounded.
"""

from vinculo.platform.outbound.client import Answer, post
from vinculo.platform.outbound.destination import Destination, NotReachable, check_url

__all__ = ["Answer", "Destination", "NotReachable", "check_url", "post"]
