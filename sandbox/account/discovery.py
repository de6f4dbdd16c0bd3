"""What the provider says about itself, its public keys, and the pictures of its people."""

from __future__ import annotations

from sandbox.account import clients, flows, keys, people
from sandbox.ground import png
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

PICTURE_SECONDS = 3600


def document(world: World, request: Request) -> Response:
    """Give the discovery document (OpenID Connect Discovery 1.0)."""
    here = flows.issuer(world)
    return json_response(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "userinfo_endpoint": f"{here}/userinfo",
            "jwks_uri": f"{here}/jwks.json",
            "end_session_endpoint": f"{here}/end_session",
            "revocation_endpoint": f"{here}/revoke",
            "scopes_supported": list(clients.SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "revocation_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
            ],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": sorted(flows.PROMPTS),
            "claims_supported": [
                "iss", "sub", "aud", "exp", "iat", "auth_time", "amr", "nonce", "at_hash", "sid",
                "phone_number", "phone_number_verified", "nickname", "picture",
            ],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": False,
            "ui_locales_supported": ["zh-CN"],
        }
    )  # fmt: skip


def jwks(world: World, request: Request) -> Response:
    """Give the published keys."""
    return json_response(keys.jwks(world))


def picture(world: World, request: Request) -> Response:
    """Give a person's picture as PNG."""
    sub = request.params["file"].removesuffix(".png")
    if people.by_sub(world, sub) is None:
        raise Problem(404, "not_found", "没有这张图片。")
    return Response(
        body=png.avatar(sub),
        content_type="image/png",
        headers=(("Cache-Control", f"private, max-age={PICTURE_SECONDS}"),),
    )
