"""Free text without what is private in it: one pass, so that no placeholder is replaced again.

What is known to be private (the host's name, a serial number) is replaced wherever it stands as a
word of its own; what looks private (an address, a UUID, a key) is replaced by its form.
"""

import ipaddress
import re
from collections.abc import Mapping

from rigcheck.report.own_words import own_words
from rigcheck.report.placeholders import PLACEHOLDER, Placeholders
from rigcheck.report.scrub_paths import PathScrubber

_KEYWORD = (
    r"(?i:secrets?|tokens?|passw(?:or)?d|passphrase|pwd|credentials?|api[_-]?keys?"
    r"|access[_-]?key(?:[_-]?id)?|private[_-]?key|auth(?:orization)?|cookie)(?![A-Za-z])"
)
# Bounded, so that a long word of foreign text is not looked at from each of its letters.
_SECRET_NAME = rf"(?<![\w-])[\w-]{{0,48}}?{_KEYWORD}[\w-]{{0,48}}"
_VALUE = r"(?:(?i:bearer|basic|token)\s+)?(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"',;&]+)"
_LONGER_THAN_NAMES = {
    "placeholder": PLACEHOLDER.pattern,
    "secret": rf"{_SECRET_NAME}[\"']?\s?[=:](?!=)\s?{_VALUE}",
    "flag": rf"(?<![\w-])--[\w-]{{0,48}}?{_KEYWORD}[\w-]{{0,48}}\s+{_VALUE}",
    "bearer": r"(?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}",
    "url": r"(?<![\w+.-])[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s'\"<>]+",
    "email": r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z][\w.-]{0,128}",
}
"""What may begin with a name that is known."""
_PATTERNS = {
    "key": r"(?<![A-Za-z0-9])(?:hf_|gh[opsu]_|github_pat_|glpat-|sk-|xox[abprs]-|npm_|pypi-"
    r"|dckr_pat_|AKIA|ASIA|AIza|eyJ)[\w.-]{10,}|(?<!\w)[0-9a-fA-F]{32,}(?!\w)",
    "process": r"\b(?:process|pid)[ =:]{1,2}\d+(?: \([^)\n]{0,64}\))?|\bname=[^,\n]{1,64}(?=,)",
    "device": r"\b(?:GPU|MIG)-[0-9a-fA-F]{4,}(?:-[0-9a-fA-F]{1,12}){0,4}(?![\w-])",
    "uuid": r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])",
    "mac": r"(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])|\benx[0-9a-f]{12}\b",
    "ipv6": r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]{4,39}(?:%\w+)?(?![\w:.])",
    # A version has four numbers, too: what stands before or behind it tells.
    "ipv4": r"(?<![\w.=~-])(?<!version )(?<!cuDNN )(?<!NCCL )(?<!kernel of )(?!0\.(?!0\.0\.0))"
    r"(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\w|-[a-z])",
    "windows_path": r"(?<!\w)(?:[A-Za-z]:|\\)\\[^\s'\"<>|;,]+",
    # Behind a shell's `$(…)` a path goes on; the user's home may be a variable.
    "path": r"(?:(?:~|\$\{?HOME\}?)/|(?<![\w.<>/)…])/)[^\s'\"`()\[\]{},;:=<>|]+",
}
_PUBLIC_HOSTS = re.compile(
    r"(?:[\w-]+\.)*(?:pytorch\.org|nvidia\.com|python\.org|pypi\.org|github\.com|ubuntu\.com"
    r"|debian\.org|fedoraproject\.org|rpmfusion\.org|archlinux\.org|kernel\.org|readthedocs\.io"
    r"|anaconda\.org|conda-forge\.org|docker\.com|microsoft\.com|tensorflow\.org|jax\.dev|numpy\.org"
    r"|opensuse\.org|suse\.com|redhat\.com|intel\.com|amd\.com|cupy\.dev|rapids\.ai|vllm\.ai"
    r"|onnxruntime\.ai|huggingface\.co|pypa\.io|gitlab\.com|man7\.org|openbsd\.org)"
)
_MIN_LENGTH = 2
"""A name of one letter is a letter."""


class Scrubber:
    """Takes what is private out of texts.

    Args:
        placeholders: where replacements are numbered.
        private: what is known to be private, and its kind.
        harmless: texts that look private and are not: versions with four numbers.
    """

    def __init__(
        self,
        placeholders: Placeholders,
        private: Mapping[str, str],
        harmless: frozenset[str] = frozenset(),
    ) -> None:
        self._placeholders = placeholders
        self._paths = PathScrubber(placeholders)
        self._harmless = harmless
        words = own_words()
        self._private = {
            text.lower(): (kind, text)
            for text, kind in private.items()
            if len(text) >= _MIN_LENGTH and text.lower() not in words
        }
        self._known = _alternatives(self._private)
        patterns = {**_LONGER_THAN_NAMES, "known": self._known, **_PATTERNS}
        self._pattern = re.compile("|".join(f"(?P<{name}>{p})" for name, p in patterns.items()))
        self._names = re.compile(self._known)
        self._seen: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Without anything private that can be told."""
        if text not in self._seen:
            self._seen[text] = self._pattern.sub(self._replaced, text)
        return self._seen[text]

    def name(self, text: str) -> str:
        """Without what is known to be private; what merely looks so stays."""
        return self._names.sub(self._replaced_known, text)

    def path(self, path: str) -> str:
        """One path, whatever characters it holds."""
        return self._paths.scrub(path)

    def process(self, name: str) -> str:
        """`python` says nothing of anybody, `acme_train` does."""
        is_common = name.lower() in own_words()
        return name if is_common else self._placeholders.of("process", name)

    def _replaced(self, match: re.Match[str]) -> str:
        return str(getattr(self, f"_of_{match.lastgroup}")(match))

    def _replaced_known(self, match: re.Match[str]) -> str:
        kind, text = self._private[match[0].lower()]
        return self._placeholders.of_device(text) if kind == "GPU" else self._whole(kind, text)

    def _whole(self, kind: str, text: str) -> str:
        return self.path(text) if kind == "path" else self._placeholders.of(kind, text)

    def _of_known(self, match: re.Match[str]) -> str:
        return self._replaced_known(match)

    @staticmethod
    def _of_placeholder(match: re.Match[str]) -> str:
        return match[0]

    def _of_secret(self, match: re.Match[str]) -> str:
        return self._without_value(match[0], r"[=:]\s?")

    def _of_flag(self, match: re.Match[str]) -> str:
        return self._without_value(match[0], r"\s+")

    def _of_bearer(self, match: re.Match[str]) -> str:
        return self._without_value(match[0], r"\s+")

    def _without_value(self, text: str, separator: str) -> str:
        found = re.search(separator, text)
        end = found.end() if found else 0
        return text[:end] + self._placeholders.of("secret", text[end:])

    def _of_key(self, match: re.Match[str]) -> str:
        return self._placeholders.of("secret", match[0])

    def _of_url(self, match: re.Match[str]) -> str:
        scheme, _, rest = match[0].partition("://")
        if scheme.lower() == "file":
            return f"{scheme}://{self.path(rest)}"
        host, slash, path = rest.partition("/")
        if _PUBLIC_HOSTS.fullmatch(host):
            return f"{scheme}://{host}{slash}{path.partition('?')[0]}"
        # What leads to a machine nobody else knows tells nobody anything.
        return f"{scheme}://{self._placeholders.of('host', host)}"

    def _of_process(self, match: re.Match[str]) -> str:
        told = re.match(r"(?:process|pid|name)[ =:]{1,2}", match[0])
        label = told[0] if told else ""
        return label + self._placeholders.of("process", match[0][len(label) :])

    def _of_email(self, match: re.Match[str]) -> str:
        return self._placeholders.of("e-mail", match[0])

    def _of_device(self, match: re.Match[str]) -> str:
        return self._placeholders.of_device(match[0])

    def _of_uuid(self, match: re.Match[str]) -> str:
        return self._placeholders.of("UUID", match[0].lower())

    def _of_mac(self, match: re.Match[str]) -> str:
        return self._placeholders.of("MAC", match[0].lower())

    def _of_ipv6(self, match: re.Match[str]) -> str:
        return self._address(match[0])

    def _of_ipv4(self, match: re.Match[str]) -> str:
        return match[0] if match[0] in self._harmless else self._address(match[0])

    def _address(self, text: str) -> str:
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return text
        if address.is_loopback or address.is_unspecified:
            return text
        return self._placeholders.of("address", text)

    def _of_windows_path(self, match: re.Match[str]) -> str:
        return self.path(match[0])

    def _of_path(self, match: re.Match[str]) -> str:
        return self.path(match[0])


def _alternatives(private: Mapping[str, object]) -> str:
    """The longest first, each as a word of its own; what never matches where there is none."""
    if not private:
        return r"(?!)"
    longest_first = sorted(private, key=len, reverse=True)
    return rf"(?<!\w)(?i:{'|'.join(map(re.escape, longest_first))})(?!\w)"
