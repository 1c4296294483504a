"""The HTML part of a mail, made from its plain text: one letter, one button, nothing loaded from anywhere.

No image, font, script or pixel; styles stand inline, because many readers drop <style>. The <style> block only
repaints the letter where the reader asks for dark colours. Every contrast is at least 4.5:1 in both. The carrier
adds no words of its own, so that the letter speaks one language: the template's.
"""

from __future__ import annotations

import re
from html import escape

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_P = '<p class="ink" dir="auto" style="margin:0 0 16px">'
_LINK = "color:#1d4ed8;text-decoration:underline;overflow-wrap:anywhere;word-break:break-word"

_HEAD = (
    '<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">\n'
    # Phones turn dates, amounts and invoice numbers into links of their own otherwise.
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">\n'
    "<title>{subject}</title>\n<style>:root{{color-scheme:light dark;supported-color-schemes:light dark}}\n"
    "@media (max-width:480px){{.pad{{padding-left:22px!important;padding-right:22px!important}}"
    ".out{{padding:12px 10px!important}}.fill{{width:100%!important}}.fill a{{display:block!important}}}}\n"
    "@media (prefers-color-scheme:dark){{.page{{background:#0f1318!important}}"
    ".card{{background:#1a2028!important;border-color:#313a46!important}}"
    ".ink{{color:#e8ebef!important}}.rule{{border-color:#313a46!important}}.soft{{color:#aab4c0!important}}"
    ".link{{color:#9cc2ff!important}}.btn{{background:#9cc2ff!important}}"
    ".btn a{{color:#0b1f3f!important}}}}</style></head>\n"
    '<body class="page" style="margin:0;padding:0;background:#f1f4f7;-webkit-text-size-adjust:100%">\n'
    '<div role="article" aria-label="{subject}" lang="{lang}" dir="{direction}">\n'
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
    '<td class="out" align="center" style="padding:32px 16px">\n'
    '<!--[if mso]><table role="presentation" width="580"><tr><td><![endif]-->\n'
    '<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" '
    'style="max-width:580px;background:#ffffff;border:1px solid #dde3ea;border-radius:14px;'
    'border-collapse:separate;text-align:start">\n'
)
_SENDER = (
    '<tr><td class="pad" style="padding:24px 40px 0"><div class="rule ink" dir="auto" '
    'style="padding-bottom:18px;border-bottom:1px solid #dde3ea;'
    + _FONT
    + ';font-size:15px;line-height:22px;font-weight:600;color:#18212b">{sender}</div></td></tr>\n'
)
_BODY = (
    '<tr><td class="pad ink" style="padding:24px 40px 20px;' + _FONT + ";font-size:16px;line-height:26px;"
    'color:#18212b;overflow-wrap:anywhere">\n'
)
_BUTTON = (
    '<table role="presentation" class="fill" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 14px">'
    '<tr><td class="btn" align="center" bgcolor="#1d4ed8" '
    'style="background:#1d4ed8;border-radius:9px;mso-padding-alt:14px 30px">'
    '<a href="{href}" style="display:inline-block;padding:14px 30px;min-height:20px;'
    + _FONT
    + ';font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-align:center;text-decoration:none">'
    "{label}</a></td></tr></table>\n"
)
_PLAIN_LINK = (
    '<p class="soft" style="margin:0 0 24px;font-size:13px;line-height:20px;color:#56616e">'
    '<a class="link" dir="ltr" href="{href}" style="' + _LINK + '">{href}</a></p>\n'
)
_INLINE_LINK = '<a class="link" dir="ltr" href="{href}" style="' + _LINK + '">{href}</a>'
_TAIL = "</td></tr></table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table></div></body></html>\n"
# Paragraphs find their own direction; button and frame follow the language.
_RIGHT_TO_LEFT = frozenset("ar fa he ps sd ug ur yi".split())
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def find_link(text: str, link: str) -> re.Match[str] | None:
    """The first place in `text` where `link` stands as a whole, not as the beginning of a longer address."""
    pattern = r"(?<![A-Za-z0-9/._~%-])" + re.escape(link) + r"(?=[.,;:!?)>\"']*(?:[^!-~]|\Z))"
    return re.search(pattern, text)


def html_letter(text: str, *, subject: str, sender: str, pay_link: str, pay_label: str, lang: str) -> str:
    """The whole HTML document; lines end in `\\n`. All arguments are plain text and are escaped here.

    With a `pay_link`, its first place in `text` becomes the button, with the plain link below it. In the middle of
    a sentence the plain link stays where it is and the button follows the paragraph.
    """
    direction = "rtl" if lang.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    parts = [_HEAD.format(lang=escape(lang), subject=escape(subject), direction=direction)]
    if sender:
        parts.append(_SENDER.format(sender=escape(sender)))
    parts.append(_BODY)
    href = escape(pay_link)
    button = _BUTTON.format(href=href, label=escape(pay_label))
    is_shown = not pay_link
    for paragraph in _PARAGRAPHS.split(text.strip("\n")):
        place = None if is_shown else find_link(paragraph, pay_link)
        if place is None:
            _add_paragraph(parts, paragraph, href)
            continue
        is_shown = True
        line_end = paragraph.find("\n", place.end())
        line_end = len(paragraph) if line_end < 0 else line_end
        if paragraph[place.end() : line_end].strip(" \t.,;:!?)>\"'。"):
            _add_paragraph(parts, paragraph, href)
            parts.append(button)
            continue
        _add_paragraph(parts, paragraph[: place.start()].rstrip("(<\"'"), href)
        parts.append(button)
        parts.append(_PLAIN_LINK.format(href=href))
        _add_paragraph(parts, paragraph[line_end:], href)
    parts.append(_TAIL)
    return "".join(parts)


def _add_paragraph(parts: list[str], paragraph: str, href: str) -> None:
    paragraph = paragraph.strip()
    if not paragraph:
        return
    inner = escape(paragraph).replace("\n", "<br>\n")
    if href and href in inner:
        place = find_link(inner, href)
        if place:
            inner = inner[: place.start()] + _INLINE_LINK.format(href=href) + inner[place.end() :]
    parts.append(f"{_P}{inner}</p>\n")
