"""Messages: sealed in the vault under their own slot, and opened one case at a time."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock, ids, pictures
from xingnuo.kit.errors import BadInput, NotFound, TooMany
from xingnuo.people.support._scope import MESSAGES, VOICE
from xingnuo.people.support._topics import CANNED
from xingnuo.people.support.contracts import (
    Author,
    BadVoice,
    Form,
    Message,
    TooLong,
    VoiceTooLarge,
)
from xingnuo.people.support.models import CaseRow, MessageRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Outcome, Permit, Reason
from xingnuo.trust.policy import queries as policy

TEXT, PHOTO, SOUND = "complaint_content", "uploaded_photo", "voice_recording"
TEXT_CHARS_MAX = 2_000
THREAD_MAX = 200
PHOTO_EDGE_PX_MAX = 2048
VOICE_BYTES_MAX = 2 * 1024 * 1024
VOICE_SECONDS_MAX = 60
_FILES = {Form.PHOTO: PHOTO, Form.VOICE: SOUND}
_SOUNDS = ((b"\x1aE\xdf\xa3", "audio/webm"), (b"OggS", "audio/ogg"))


def message_id(case_id: UUID, key: UUID) -> UUID:
    """Give the id of the message that a key makes: the same key makes it once."""
    return UUID(hex=ids.digest(f"support:{case_id}:{key}")[:32])


def checked(text: str, *, field: str = "text") -> str:
    """Give a text that is taken; raises `TooLong` or `BadInput` naming the field."""
    text = text.strip()
    if not text:
        raise BadInput({field: "请写几个字"})
    if len(text) > TEXT_CHARS_MAX:
        raise TooLong({field: f"最多 {TEXT_CHARS_MAX} 个字，现在 {len(text)} 个"})
    return text


def sound_of(content: bytes) -> str:
    """Give the media type of a recording by its first bytes; raises `BadVoice`."""
    if len(content) > VOICE_BYTES_MAX:
        raise VoiceTooLarge("请录 60 秒以内，不超过 2 MB")
    for magic, kind in _SOUNDS:
        if content.startswith(magic):
            return kind
    if content[4:8] == b"ftyp":
        return "audio/mp4"
    raise BadVoice


def write(
    permit: Permit,
    row: CaseRow,
    *,
    key: UUID,
    author: Author,
    text: str = "",
    canned: str = "",
) -> MessageRow | None:
    """Write a text into a case; gives None when the key wrote it before."""
    made = _new(
        row,
        permit.actor,
        key=key,
        author=author,
        form=Form.CANNED if canned else Form.TEXT,
        canned=canned,
    )
    if made is None:
        return None
    if not canned:
        source = "self" if author is Author.PERSON else "staff"
        gate.collect(permit, {TEXT: text}, slot=str(made.id), source=source)
    made.save(force_insert=True)
    return made


def put_photo(permit: Permit, row: CaseRow, *, key: UUID, content: bytes) -> MessageRow | None:
    """Put a picture into a case: its pixels alone; None when the key put it before."""
    if permit.outcomes.get(PHOTO) is not Outcome.PLAIN:
        raise GateRefusal(
            Reason.NO_CONSENT,
            purpose=MESSAGES,
            items=(PHOTO,),
            subject_id=row.subject_id,
            actor=permit.actor,
            message="你还没有同意上传照片。",
            remedy="可以在授权页打开“你上传的照片”，或只写文字。",
        )
    made = _new(row, permit.actor, key=key, author=Author.PERSON, form=Form.PHOTO)
    if made is None:
        return None
    clean = pictures.clean(content, edge_px_max=PHOTO_EDGE_PX_MAX).content
    gate.collect_file(permit, PHOTO, content=clean, slot=str(made.id))
    made.save(force_insert=True)
    return made


def put_voice(actor: Actor, row: CaseRow, *, key: UUID, content: bytes) -> MessageRow | None:
    """Put a recording into a case; consent and microphone must be on. None when repeated."""
    sound_of(content)
    made = _new(row, actor, key=key, author=Author.PERSON, form=Form.VOICE)
    if made is None:
        return None
    permit = gate.permit(actor, subject_id=row.subject_id, purpose=VOICE)
    gate.collect_file(permit, SOUND, content=content, slot=str(made.id))
    made.save(force_insert=True)
    return made


def _new(
    row: CaseRow, actor: Actor, *, key: UUID, author: Author, form: Form, canned: str = ""
) -> MessageRow | None:
    mine = MessageRow.objects.of(row.subject_id).filter(case_id=row.id)
    made_id = message_id(row.id, key)
    if mine.filter(id=made_id).exists():
        return None
    if mine.count() >= THREAD_MAX:
        raise TooMany("thread")
    return MessageRow(
        id=made_id,
        subject_id=row.subject_id,
        case_id=row.id,
        author=author.value,
        form=form.value,
        canned=canned,
        staff_id=actor.staff_id if author is Author.STAFF else "",
        sent_at=clock.now(),
    )


def opened(permit: Permit, row: CaseRow) -> tuple[Message, ...]:
    """Open the messages of one case, oldest first; those of other cases stay shut."""
    rows = MessageRow.objects.of(row.subject_id).filter(case_id=row.id)
    return tuple(_open(permit, one) for one in rows.order_by("sent_at", "id")[:THREAD_MAX])


def _open(permit: Permit, row: MessageRow) -> Message:
    form = Form(row.form)
    if form is Form.CANNED:
        text = CANNED[row.canned]
    elif form is Form.TEXT:
        text = gate_queries.plain(permit, TEXT, slot=str(row.id)) or "（这条内容已删除）"
    else:
        text = policy.in_force().items[_FILES[form]].name
    return Message(
        id=row.id,
        author=Author(row.author),
        form=form,
        sent_at=row.sent_at,
        staff_id=row.staff_id,
        text=text,
        is_file=form in _FILES,
    )


def form_of(row: CaseRow, message: UUID) -> Form:
    """Give the form of a message of a case; raises `NotFound` for another case's."""
    found = MessageRow.objects.of(row.subject_id).filter(case_id=row.id, id=message).first()
    if found is None or Form(found.form) not in _FILES:
        raise NotFound("message")
    return Form(found.form)


def file(permit: Permit, form: Form, message: UUID) -> tuple[bytes, str]:
    """Give a file of a message with its media type; raises `NotFound`."""
    content = gate_queries.read_file(permit, _FILES[form], slot=str(message))
    if content is None:
        raise NotFound("file")
    if form is Form.PHOTO:
        return content, pictures.content_type_of(content)
    return content, sound_of(content)
