// Texts one person, by Node 18 or newer alone. Wants API_URL, AWS_REGION and AWS keys in the environment.
import { createHash, createHmac } from "node:crypto";

const { API_URL, AWS_REGION: region, AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

// sign returns the headers of a request without a query, signed (Signature Version 4).
function sign(method, url, body) {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${now.slice(0, 8)}/${region}/execute-api/aws4_request`;
  const headers = { "content-type": "application/json", host: url.host, "x-amz-date": now };
  if (token) headers["x-amz-security-token"] = token;
  const names = Object.keys(headers).sort();
  const list = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const request = [method, url.pathname, "", list, names.join(";"), sha256(body)].join("\n");
  const derived = scope.split("/").reduce(hmac, "AWS4" + secret);
  const signature = hmac(derived, `AWS4-HMAC-SHA256\n${now}\n${scope}\n${sha256(request)}`).toString("hex");
  delete headers.host; // fetch puts it there
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${key}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return headers;
}

const [phone, id] = process.argv.slice(2);
const url = new URL(API_URL + "/texts");
const body = JSON.stringify({ brand: "example", topic: "orders", phone, id, text: "Example Corp.: your order has shipped." });
const answer = await fetch(url, { method: "POST", body, headers: sign("POST", url, body) });
console.log(await answer.text());
if (!answer.ok) process.exit(1); // after a 503 post the same again, with its id
