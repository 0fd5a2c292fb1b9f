"""A change that is still to come can be cancelled by a further version."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core_configuration", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="sectionversion",
            name="cancels",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.UniqueConstraint(fields=("section", "cancels"), name="section_version_cancelled_once"),
        ),
    ]
