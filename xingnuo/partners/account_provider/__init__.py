"""account_provider: signs people in by OpenID Connect; gives account id, phone, nickname, avatar.

AP-1  Only the code flow with PKCE, state and nonce is spoken.
AP-2  Keys come from the issuer's published set; unknown key, algorithm or issuer is refused.
AP-3  Nothing of a token is kept beyond the claims that the policy declares.
AP-4  A sibling app of the same account is told to erase by a signed notice, under its pairwise id.
"""
