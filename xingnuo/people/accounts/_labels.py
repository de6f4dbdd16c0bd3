"""Coarse names of browsers: system and family, no version, so that a label identifies nobody."""

from __future__ import annotations

AGENT_CHARS_MAX = 400
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
# In order: many browsers also name the one that they were made from.
_FAMILIES = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("MiuiBrowser", "小米浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)


def label_of(user_agent: str) -> str:
    """Name a browser coarsely by its own word: `Android · Chrome`."""
    agent = user_agent[:AGENT_CHARS_MAX]
    system = next((name for mark, name in _SYSTEMS if mark in agent), "其他系统")
    family = next((name for mark, name in _FAMILIES if mark in agent), "其他浏览器")
    return f"{system} · {family}"
