"""How far a person's real name is confirmed stands beside the state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gate", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="subject",
            name="tier",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__lte", 3)), name="gate_subject_tier_known"
            ),
        ),
    ]
