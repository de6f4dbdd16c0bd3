"""The services that take payments: each registers once at start-up; an unknown one takes none."""

from __future__ import annotations

from xingnuo.kit.errors import XingnuoError
from xingnuo.money.payments._core_contracts import Service

_services: dict[str, Service] = {}


class NoService(XingnuoError):
    """No room registered this service."""

    status = 500
    code = "no_service"


def serve(service: Service) -> None:
    """Register a service; a second one of the same code is refused, the same again is not."""
    known = _services.setdefault(service.code, service)
    if known != service:
        raise ValueError(f"two services are named {service.code}")


def service_of(code: str) -> Service:
    """Give the service of a code; raises `NoService`."""
    known = _services.get(code)
    if known is None:
        raise NoService(code)
    return known


for _code, _title in (("transfer", "转账"), ("top_up", "余额充值"), ("withdraw", "余额提现")):
    serve(Service(code=_code, title=_title))
