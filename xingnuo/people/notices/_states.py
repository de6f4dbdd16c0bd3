"""The steps of messages and campaigns, as tables; a step that is not here is refused."""

from __future__ import annotations

from xingnuo.people.notices.contracts import CampaignState, MessageState

MESSAGE_STEPS: dict[MessageState, frozenset[MessageState]] = {
    MessageState.DUE: frozenset({MessageState.PENDING, MessageState.SENT, MessageState.DROPPED}),
    MessageState.PENDING: frozenset(
        {MessageState.PENDING, MessageState.SENT, MessageState.DROPPED}
    ),
    MessageState.SENT: frozenset({MessageState.BOUNCED}),
    MessageState.BOUNCED: frozenset(),
    MessageState.DROPPED: frozenset(),
}
CAMPAIGN_STEPS: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.RELEASED, CampaignState.STOPPED}),
    CampaignState.RELEASED: frozenset({CampaignState.SENDING, CampaignState.STOPPED}),
    CampaignState.SENDING: frozenset({CampaignState.DONE, CampaignState.STOPPED}),
    CampaignState.DONE: frozenset(),
    CampaignState.STOPPED: frozenset(),
}
