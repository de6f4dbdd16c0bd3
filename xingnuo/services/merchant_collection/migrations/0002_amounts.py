"""What is scanned and given back is more than nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merchant_collection", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name=f"{name}row",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gt", 0)),
                name=f"merchant_collection_{name}_amount",
            ),
        )
        for name in ("scan", "refund")
    ]
