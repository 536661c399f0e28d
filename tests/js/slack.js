// A small bot on bolt for JavaScript: asks, whispers, turns, opens a form, reacts, draws its home. It tells on standard
// output what happens to it. With SLACK_SIGNING_SECRET it serves HTTP, otherwise it connects by Socket Mode.
import bolt from "@slack/bolt";

const { App, LogLevel } = bolt;
const say = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
const { SLACK_API, SLACK_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET } = process.env;

const app = new App({
  token: SLACK_TOKEN,
  clientOptions: { slackApiUrl: SLACK_API },
  logLevel: LogLevel.ERROR,
  ...(SLACK_SIGNING_SECRET
    ? { signingSecret: SLACK_SIGNING_SECRET }
    : { socketMode: true, appToken: SLACK_APP_TOKEN }),
});

const plain = (text) => ({ type: "plain_text", text });
const words = (text) => ({ type: "section", text: { type: "mrkdwn", text } });
const buttons = (...names) => ({
  type: "actions",
  elements: names.map((name) => ({
    type: "button",
    action_id: name,
    value: `${name}:1`,
    text: plain(name[0].toUpperCase() + name.slice(1)),
  })),
});
const menu = () => ({
  type: "actions",
  elements: [
    {
      type: "multi_static_select",
      action_id: "several",
      placeholder: plain("Which?"),
      options: ["Adam", "SGD", "RMSProp"].map((name) => ({ text: plain(name), value: name.toLowerCase() })),
    },
  ],
});
const form = (title, ...blocks) => ({
  type: "modal",
  callback_id: "form",
  title: plain(title),
  submit: plain("Send"),
  blocks,
});
const line = () => ({
  type: "input",
  block_id: "answer",
  label: plain("A number"),
  element: { type: "plain_text_input", action_id: "line" },
});

app.command("/quiz", async ({ ack, command, client }) => {
  await ack();
  await client.chat.postMessage({
    channel: command.channel_id,
    text: `A question of ${command.text}`,
    blocks: [words(`A question of ${command.text}`), buttons("private", "turn", "form"), menu()],
    metadata: { event_type: "question", event_payload: { key: "q:1" } },
  });
});
app.command("/talk", async ({ ack, say: speak, respond }) => {
  await ack({ text: "talking", response_type: "ephemeral" });
  await speak("first");
  await respond({ text: "done", response_type: "ephemeral" });
});
app.action("private", async ({ ack, body, client }) => {
  await ack();
  await client.chat.postEphemeral({ channel: body.channel.id, user: body.user.id, text: "only for you" });
});
app.action("turn", async ({ ack, body, client }) => {
  await ack();
  const gone = "The question has turned";
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: gone, blocks: [words(gone)] });
});
app.action("form", async ({ ack, body, client }) => {
  await ack();
  const shown = await client.views.open({ trigger_id: body.trigger_id, view: form("One moment", words("…")) });
  await client.views.update({ view_id: shown.view.id, view: form("Your answer", line()) });
});
app.action("several", async ({ ack, action, respond }) => {
  await ack();
  const chosen = action.selected_options.map((option) => option.value).join(" and ");
  await respond({ text: `chosen: ${chosen}`, response_type: "ephemeral", replace_original: false });
});
app.action("start", async ({ ack, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: "It starts" });
});
app.view("form", async ({ ack, view, body, client }) => {
  const said = view.state.values.answer.line.value;
  if (Number.isNaN(Number(said))) return ack({ response_action: "errors", errors: { answer: "That is no number." } });
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `sent: ${said}` });
});
app.shortcut("report_question", async ({ ack, shortcut, client }) => {
  await ack();
  const text = `reported ${shortcut.message.ts}`;
  await client.chat.postEphemeral({ channel: shortcut.channel.id, user: shortcut.user.id, text });
});
app.event("app_home_opened", async ({ event, client }) => {
  const view = { type: "home", blocks: [words("My streak: 3"), buttons("start")] };
  await client.views.publish({ user_id: event.user, view });
});
app.event("reaction_added", async ({ event, client }) => {
  const { channel, ts } = event.item;
  await client.reactions.add({ channel, timestamp: ts, name: event.reaction.split("::")[0] });
  say("reaction", { emoji: event.reaction, user: event.user });
});
app.event("app_mention", async ({ event, client }) => {
  const drawn = await client.filesUploadV2({
    file_uploads: [{ filename: "plot.txt", file: Buffer.from("1 2 3"), alt_text: "A curve that falls" }],
    channel_id: event.channel,
    initial_comment: "A plot",
  });
  say("uploaded", { ok: drawn.ok });
});
app.message(async ({ message }) => say("message", { text: message.text ?? "", channel: message.channel }));
app.error(async (error) => say("failed", { message: String(error), code: error.code }));

process.stdin.on("end", () => app.stop().then(() => process.exit(0)));
process.stdin.resume();
const server = await app.start(0);
say("ready", SLACK_SIGNING_SECRET ? { port: server.address().port } : {});
