// Slack as somebody else made it, on a free port. What it is seeded with comes as JSON in SEED.
import { createServer } from "node:net";
import { createEmulator } from "emulate";

const free = () =>
  new Promise((found) => {
    const taken = createServer().listen(0, "127.0.0.1", () => {
      const { port } = taken.address();
      taken.close(() => found(port));
    });
  });
const slack = await createEmulator({
  service: "slack",
  port: await free(),
  seed: { slack: JSON.parse(process.env.SEED) },
});
process.stdout.write(`${JSON.stringify({ event: "ready", url: slack.url })}\n`);
process.stdin.on("end", () => slack.close().then(() => process.exit(0))).resume();
