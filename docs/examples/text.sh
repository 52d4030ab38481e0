#!/bin/sh
# Texts one person by curl, 7.86 or newer. Wants API_URL, AWS_REGION and AWS keys in the environment.
curl -sS --fail-with-body --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
  -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'content-type: application/json' "$API_URL/texts" \
  -d '{"brand": "example", "topic": "orders", "phone": "'"$1"'", "id": "'"$2"'", "text": "Example Corp.: your order has shipped."}'
