"""The queues of this deployment as the operator sees them: what waits, its age, and the way back for dead letters.

Dead letters are moved by hand (receive, send, delete) and not by ``StartMessageMoveTask``: there are few, a wake is
tiny, the local cloud has no move tasks, and so what is tested here is what runs in AWS.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tillbridge.flows.operate.answers import QueueAnswer, RedriveAnswer
from tillbridge.flows.ports import Clock, Deadline

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LOOK_BACK = timedelta(minutes=10)
STOP_MARGIN = timedelta(seconds=10)
BATCH = 10
HIDDEN_SECONDS = 60


def dead_letters_of(url: str) -> str:
    """Name the dead letters of a queue: ``...-pull-stock.fifo`` has ``...-pull-stock-dlq.fifo`` (template.yaml)."""
    return f"{url.removesuffix('.fifo')}-dlq.fifo"


@dataclass(frozen=True, slots=True)
class SqsQueues:
    """Implements ``flows.operate.queues.Queues``; ``urls`` maps the name of a queue to its address."""

    sqs: "SQSClient"
    cloudwatch: "Callable[[], CloudWatchClient]"  # made when needed: most commands ask for no age
    urls: Mapping[str, str]
    clock: Clock
    patience: int = 1  # seconds; waiting asks all of the service's servers, so that "none" means none

    @property
    def names(self) -> Sequence[str]:
        """Name the queues."""
        return tuple(self.urls)

    def look(self) -> Sequence[QueueAnswer]:
        """Count what waits in every queue and among its dead letters."""
        ages = self._ages([url for main in self.urls.values() for url in (main, dead_letters_of(main))])
        return [self._look(name, url, ages) for name, url in self.urls.items()]

    def redrive(self, name: str, deadline: Deadline) -> RedriveAnswer:
        """Send dead letters back, until none is left or time is up."""
        target = self.urls[name]
        source = dead_letters_of(target)
        moved = 0
        while deadline.left() > STOP_MARGIN:
            letters = self._receive(source)
            sent = self._send(target, letters)
            self._delete(source, sent)
            moved += len(sent)
            if len(sent) < len(letters) or not letters:
                break
        waiting, in_flight = self._count(source)
        return RedriveAnswer(queue=name, moved=moved, left=waiting + in_flight)

    def _look(self, name: str, url: str, ages: Mapping[str, float]) -> QueueAnswer:
        dead_url = dead_letters_of(url)
        waiting, in_flight = self._count(url)
        dead, dead_in_flight = self._count(dead_url)
        return QueueAnswer(
            queue=name,
            waiting=waiting,
            in_flight=in_flight,
            oldest_seconds=ages.get(url) if waiting + in_flight else None,
            dead=dead,
            dead_in_flight=dead_in_flight,
            dead_oldest_seconds=ages.get(dead_url) if dead + dead_in_flight else None,
        )

    def _count(self, url: str) -> tuple[int, int]:
        told = self.sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        )["Attributes"]
        return int(told["ApproximateNumberOfMessages"]), int(told["ApproximateNumberOfMessagesNotVisible"])

    def _ages(self, urls: Sequence[str]) -> dict[str, float]:
        """Ask CloudWatch for the latest age of each queue; it tells once a minute, and nothing of idle queues."""
        now = self.clock.now()
        answer = self.cloudwatch().get_metric_data(
            MetricDataQueries=[_age_query(f"q{number}", url) for number, url in enumerate(urls)],
            StartTime=now - LOOK_BACK,
            EndTime=now,
            ScanBy="TimestampDescending",
        )
        values = {result["Id"]: result["Values"] for result in answer["MetricDataResults"]}
        return {url: seen[0] for number, url in enumerate(urls) if (seen := values.get(f"q{number}"))}

    def _receive(self, url: str) -> Sequence["MessageTypeDef"]:
        return self.sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=BATCH,
            MessageSystemAttributeNames=["MessageGroupId"],
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=self.patience,
        ).get("Messages", [])

    def _send(self, url: str, letters: Sequence["MessageTypeDef"]) -> Sequence["MessageTypeDef"]:
        """Send them on and give those that the queue took.

        The letter's own id is the deduplication id: a letter sent twice within minutes, because its deletion failed,
        arrives once.
        """
        if not letters:
            return []
        answer = self.sqs.send_message_batch(
            QueueUrl=url,
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": letter["Body"],
                    "MessageGroupId": letter["Attributes"]["MessageGroupId"],
                    "MessageDeduplicationId": letter["MessageId"],
                }
                for number, letter in enumerate(letters)
            ],
        )
        return [letters[int(entry["Id"])] for entry in answer.get("Successful", [])]

    def _delete(self, url: str, letters: Sequence["MessageTypeDef"]) -> None:
        if letters:
            self.sqs.delete_message_batch(
                QueueUrl=url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": letter["ReceiptHandle"]}
                    for number, letter in enumerate(letters)
                ],
            )


def _age_query(name: str, url: str) -> "MetricDataQueryTypeDef":
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SQS",
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
            },
            "Period": 60,
            "Stat": "Maximum",
        },
    }
