"""Texts one person. Wants botocore, and API_URL, AWS_REGION and AWS keys in the environment."""
import json, os, sys, urllib.request
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session

phone, text_id = sys.argv[1:]
body = json.dumps({"brand": "example", "topic": "orders", "phone": phone, "id": text_id,
                   "text": "Example Corp.: your order has shipped."})
signed = AWSRequest("POST", os.environ["API_URL"] + "/texts", {"content-type": "application/json"}, body)
SigV4Auth(Session().get_credentials(), "execute-api", os.environ["AWS_REGION"]).add_auth(signed)
request = urllib.request.Request(signed.url, body.encode(), dict(signed.headers), method="POST")
with urllib.request.urlopen(request) as answer:  # 4xx and 503 raise; after a 503 post the same again, with its id
    print(answer.read().decode())
