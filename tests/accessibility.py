"""What axe-core finds on a page that is ours to mend."""

from __future__ import annotations

from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Found in Streamlit's own widgets, where no option of ours reaches: rule → part of the element.
STREAMLITS = {
    "target-size": ("stDateInput", "react-datepicker", "DateInput"),
    "svg-img-alt": ("stMetricChart",),
    "color-contrast": ("stMetricDeltaDescription",),
}


@dataclass(frozen=True)
class Finding:
    """One element that breaks one rule.

    Attributes:
        rule: axe's name of it.
        element: the start of its HTML, with the path to it.
        why: what axe says.
    """

    rule: str
    element: str
    why: str

    @property
    def is_streamlits(self) -> bool:
        """Whether it is in the list of what only Streamlit can mend."""
        return any(part in self.element for part in STREAMLITS.get(self.rule, ()))


def findings(page: Page) -> list[Finding]:
    """What axe finds by WCAG 2.2 AA, but for what is Streamlit's own."""
    options = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
    results = Axe().run(page, options=options).response
    found = [
        Finding(
            violation["id"],
            f"{' '.join(str(part) for part in node['target'])} {node['html'][:300]}",
            node.get("failureSummary", ""),
        )
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
    return [finding for finding in found if not finding.is_streamlits]
