"""account: 星号帐号, an OpenID Connect provider that signs people in for xingnuo.

GACC-1  Only the code flow is spoken, with PKCE S256, state and nonce; a code is good once.
GACC-2  A redirect goes to a registered address, compared letter by letter, or nowhere.
GACC-3  A claim is given only for a scope that the person agreed to.
GACC-4  Passwords are kept as Argon2id; sessions, codes and tokens as their hash.
GACC-5  Signing out everywhere or a new password ends all sessions and tokens, and is told.
"""

from sandbox.account.partner import PARTNER

__all__ = ["PARTNER"]
