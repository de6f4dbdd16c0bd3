"""The statements of the room, each named and described once."""

from __future__ import annotations

from typing import Final

from xingnuo.trust.evidence._canonical import BLOCK_AS_TEXT, LINE_AS_TEXT
from xingnuo.trust.evidence.contracts import CONFIDENTIAL

# Writing one line; epoch and txid are the database's own. `%s` runs over VALUES lists.
LINE_COLUMNS: Final = (
    "subject_id, id, at, kind, outcome, reason, actor_kind, actor_ref, session_id, channel,"
    " purpose, items, recipient, policy_version, permit_id, ref, count, coalesce_key"
)
ONE_LINE: Final = f"({', '.join(['%s'] * 18)})"
INSERT: Final = f"INSERT INTO evidence_line ({LINE_COLUMNS}) VALUES "
COALESCE: Final = (
    " ON CONFLICT (subject_id, coalesce_key) WHERE coalesce_key IS NOT NULL DO NOTHING"
)

# What a person may see of a line, in the order of contracts.Entry.
ENTRY_COLUMNS: Final = (
    "id, at, kind, outcome, reason, actor_kind, actor_ref, session_id, channel,"
    " purpose, items, recipient, policy_version, permit_id, ref, count"
)
# No tipping off: said here, and again by a row policy that binds the app roles.
OPEN: Final = f"NOT starts_with(purpose, '{CONFIDENTIAL}')"

TIMELINE: Final = f"""
    SELECT {ENTRY_COLUMNS} FROM evidence_line
    WHERE subject_id = %(subject)s AND {OPEN} AND id < %(before)s
      AND (%(kinds)s::text[] IS NULL OR kind = ANY (%(kinds)s::text[]))
      AND (%(since)s::timestamptz IS NULL OR at >= %(since)s::timestamptz)
    ORDER BY id DESC LIMIT %(limit)s
"""

# Ids as text: a copy holds thousands of lines, and each id would be parsed and written anew.
EXPORT: Final = f"""
    SELECT id::text AS id, at, kind, outcome, reason, actor_kind, actor_ref,
           session_id::text AS session_id, channel, purpose, items, recipient, policy_version,
           permit_id::text AS permit_id, ref::text AS ref, count, epoch, txid::text AS txid,
           coalesce_key, subject_id::text AS subject_id
    FROM evidence_line WHERE subject_id = %(subject)s AND {OPEN} ORDER BY evidence_line.id
"""

# Each (item, purpose) pair that was really collected from or about the person.
COLLECTED: Final = f"""
    SELECT item, purpose, count(*), min(at), max(at)
    FROM evidence_line CROSS JOIN LATERAL unnest(items) AS item
    WHERE subject_id = %(subject)s AND kind IN ('collect', 'correct') AND {OPEN}
    GROUP BY item, purpose ORDER BY max(at) DESC, item LIMIT %(limit)s
"""

# Each (purpose, item) pair that was really taken or used, and how.
USED: Final = f"""
    SELECT DISTINCT purpose, item, kind
    FROM evidence_line CROSS JOIN LATERAL unnest(items) AS item
    WHERE subject_id = %(subject)s AND outcome = 'done' AND {OPEN}
      AND kind IN ('collect', 'permit', 'view', 'reveal', 'share')
    ORDER BY purpose, item, kind LIMIT %(limit)s
"""

# Each (recipient, purpose) pair that really received something of the person's.
SHARED: Final = f"""
    SELECT recipient, purpose, array_agg(DISTINCT item ORDER BY item),
           count(DISTINCT evidence_line.id), min(at), max(at)
    FROM evidence_line CROSS JOIN LATERAL unnest(items) AS item
    WHERE subject_id = %(subject)s AND kind = 'share' AND {OPEN}
    GROUP BY recipient, purpose ORDER BY max(at) DESC, recipient LIMIT %(limit)s
"""

# Every look; a share is a look by the recipient.
LOOKED: Final = f"""
    SELECT id, at, actor_kind, actor_ref, channel, purpose, reason, items, recipient,
           kind IN ('reveal', 'export', 'share')
    FROM evidence_line
    WHERE subject_id = %(subject)s AND {OPEN} AND id < %(before)s
      AND kind IN ('view', 'reveal', 'lookup', 'export', 'share')
    ORDER BY id DESC LIMIT %(limit)s
"""

# The privacy card. One permit is one use, however many lines it left; own acts are no use by us.
COUNTS: Final = f"""
    SELECT count(DISTINCT coalesce(permit_id, id)) FILTER (WHERE used),
           count(*) FILTER (WHERE kind = 'share'),
           count(*) FILTER (WHERE actor_kind = 'self' AND kind IN ('view', 'reveal')),
           count(*) FILTER (WHERE kind = 'refusal'),
           max(at) FILTER (WHERE used)
    FROM (
        SELECT id, at, kind, actor_kind, permit_id,
               kind = 'share' OR (actor_kind <> 'self'
                 AND kind IN ('permit', 'view', 'reveal', 'lookup', 'export')) AS used
        FROM evidence_line
        WHERE subject_id = %(subject)s AND at >= %(since)s AND {OPEN}
    ) AS lines
"""

# People of an incident, in pages by subject. Reports under AML stay out unless asked for.
AFFECTED: Final = f"""
    SELECT subject_id, count(*), min(at), max(at) FROM evidence_line
    WHERE kind = 'share' AND recipient = %(recipient)s
      AND at >= %(since)s AND at < %(until)s
      AND (%(item)s = '' OR items @> ARRAY[%(item)s])
      AND subject_id > %(after)s AND (%(confidential)s OR {OPEN})
    GROUP BY subject_id ORDER BY subject_id LIMIT %(limit)s
"""

# What staff did at the console, for the auditor; over everybody, so on the audit connection alone.
ACTED: Final = f"""
    SELECT {ENTRY_COLUMNS} FROM evidence_line
    WHERE channel = 'console' AND id < %(before)s
      AND (%(actor_ref)s = '' OR actor_ref = %(actor_ref)s)
      AND (%(purpose)s = '' OR purpose = %(purpose)s)
      AND (%(ref)s::uuid IS NULL OR ref = %(ref)s::uuid)
    ORDER BY id DESC LIMIT %(limit)s
"""

REGISTER: Final = """
    SELECT kind, purpose, recipient, outcome, count(*), count(DISTINCT subject_id)
    FROM evidence_line WHERE at >= %(since)s AND at < %(until)s
    GROUP BY kind, purpose, recipient, outcome ORDER BY 1, 2, 3, 4
"""

# What the sealer may see of everybody's lines: their place and their hash, nothing else.
LEAVES: Final = """
    SELECT epoch, txid, id, leaf, horizon
    FROM evidence_leaves(%s::smallint, %s::text::xid8, %s::uuid, %s::smallint, %s)
"""

LAST_BLOCK: Final = """
    SELECT number, upto_epoch, upto_txid::text, upto_id, pruned_to, key_id, next_key, hash
    FROM evidence_block ORDER BY number DESC LIMIT 1
"""
INSERT_BLOCK: Final = """
    INSERT INTO evidence_block (number, upto_epoch, upto_txid, upto_id, count, leaves, root, prev,
                                pruned_to, key_id, next_key, sealed_at, hash, signature)
    VALUES (%s, %s, %s::text::xid8, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# The first blocks in a row that are past their term; the function deletes what the last block says.
PRUNABLE: Final = """
    SELECT max(number) FROM evidence_block
    WHERE number > %s AND sealed_at < %s AND number <= %s
      AND number < (SELECT max(number) FROM evidence_block)
"""
PRUNE: Final = "SELECT evidence_prune()"
# One sealer at a time over all processes.
SEALER_LOCK: Final = "SELECT pg_try_advisory_xact_lock(7209876118)"
SEALER_WAIT: Final = "SELECT pg_advisory_xact_lock(7209876118)"
EPOCH_NOW: Final = (
    "SELECT coalesce(nullif(current_setting('xn.epoch', true), '')::smallint, 1::smallint)"
)
HORIZON: Final = f"{EPOCH_NOW}, pg_snapshot_xmin(pg_current_snapshot())::text"

# The verifier's streams, in the sealed order, every column as text.
_LINE_TEXT: Final = ", ".join(LINE_AS_TEXT.values())
ALL_LINES: Final = f"""
    SELECT {_LINE_TEXT} FROM evidence_line
    WHERE (epoch, txid, id) > (%s, %s::text::xid8, %s)
    ORDER BY evidence_line.epoch, evidence_line.txid, evidence_line.id
"""
ALL_BLOCKS: Final = f"""
    SELECT {", ".join(BLOCK_AS_TEXT.values())}, leaves, hash, signature
    FROM evidence_block ORDER BY evidence_block.number
"""
EXTENT: Final = "SELECT count(*), coalesce(max(pruned_to), 0) FROM evidence_block"
PRUNED_PLACE: Final = """
    SELECT upto_epoch, upto_txid::text, upto_id FROM evidence_block WHERE number = %s
"""
BEFORE: Final = """
    SELECT id FROM evidence_line WHERE (epoch, txid, id) <= (%s, %s::text::xid8, %s)
    ORDER BY epoch, txid, id LIMIT 1
"""

# One line by its id, and the block in whose range it stands.
LINE_BY_ID: Final = f"SELECT {_LINE_TEXT} FROM evidence_line WHERE id = %s"
BLOCK_OF: Final = f"""
    SELECT {", ".join(BLOCK_AS_TEXT.values())}, leaves, hash, signature FROM evidence_block
    WHERE (upto_epoch, upto_txid, upto_id) >= (%s, %s::text::xid8, %s)
    ORDER BY evidence_block.upto_epoch, evidence_block.upto_txid, evidence_block.upto_id LIMIT 1
"""
