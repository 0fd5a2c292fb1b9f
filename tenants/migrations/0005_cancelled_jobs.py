from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tenants", "0004_steering"),
    ]

    operations = [
        migrations.AddField(
            model_name="platformjob",
            name="cancel_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="platformjob",
            name="cancelled_by",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
