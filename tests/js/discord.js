// A small bot on discord.js: what a test asks of the simulator by one client, it asks here by another.
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  MessageFlags,
  ModalBuilder,
  Partials,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";

const say = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
const { Guilds, GuildMessages, GuildMessageReactions, DirectMessages } = GatewayIntentBits;
const client = new Client({
  intents: [Guilds, GuildMessages, GuildMessageReactions, DirectMessages],
  partials: [Partials.Message, Partials.Channel, Partials.Reaction, Partials.User],
  rest: { api: process.env.DISCORD_API, version: "10" },
});

const commands = [
  {
    name: "quiz",
    description: "Ask a question",
    options: [{ type: 3, name: "pack", description: "which pack", autocomplete: true }],
  },
  { name: "talk", description: "Say something, change it, react to it" },
  { name: "Report question", type: 3 },
  { name: "Run PyTorch", type: 3 },
];

const button = (id, label) => new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(ButtonStyle.Primary);
const row = (...parts) => new ActionRowBuilder().addComponents(...parts);

function card(text, ...rows) {
  const container = new ContainerBuilder().addTextDisplayComponents(new TextDisplayBuilder().setContent(text));
  for (const one of rows) container.addActionRowComponents(one);
  return { components: [container], flags: MessageFlags.IsComponentsV2 };
}

const menu = () =>
  new StringSelectMenuBuilder()
    .setCustomId("several")
    .setMaxValues(2)
    .addOptions({ label: "Adam", value: "a" }, { label: "SGD", value: "b" }, { label: "Momentum", value: "c" });

const form = () =>
  new ModalBuilder()
    .setCustomId("form")
    .setTitle("Your answer")
    .addComponents(
      row(new TextInputBuilder().setCustomId("line").setLabel("A number").setStyle(TextInputStyle.Short)),
    );

const answers = {
  quiz: (act) =>
    act.reply(
      card(
        `A question of ${act.options.getString("pack")}`,
        row(button("private", "Private"), button("turn", "Turn"), button("form", "Form")),
        row(menu()),
      ),
    ),
  talk: async (act) => {
    await act.reply({ content: "talking", flags: MessageFlags.Ephemeral });
    const message = await act.channel.send({ content: "first", nonce: "talk:1", enforceNonce: true });
    await message.edit("second");
    await message.react("🇦");
    await act.followUp({ content: "done", flags: MessageFlags.Ephemeral });
  },
  "Report question": (act) =>
    act.reply({ content: `reported ${act.targetMessage.id}`, flags: MessageFlags.Ephemeral }),
  "Run PyTorch": (act) =>
    act.reply({ content: `${act.targetMessage.content} of ${act.targetMessage.author.username}`, allowedMentions: { parse: [] } }),
  private: (act) => act.reply({ content: "only for you", flags: MessageFlags.Ephemeral }),
  turn: (act) => act.update(card("The question has turned", row(button("over", "Over").setDisabled(true)))),
  form: (act) => act.showModal(form()),
  several: async (act) => {
    await act.deferReply({ flags: MessageFlags.Ephemeral });
    await act.editReply(`chosen: ${act.values.join(" and ")}`);
  },
};

client.on(Events.InteractionCreate, async (act) => {
  try {
    if (act.isAutocomplete()) {
      await act.respond(["tensors", "training"].map((name) => ({ name, value: name })));
    } else if (act.isModalSubmit()) {
      await act.reply({ content: `sent: ${act.fields.getTextInputValue("line")}`, flags: MessageFlags.Ephemeral });
    } else {
      await answers[act.customId ?? act.commandName](act);
    }
  } catch (error) {
    say("failed", { code: error.code, message: String(error) });
  }
});

client.on(Events.MessageReactionAdd, async (reaction, user) => {
  if (user.id === client.user.id) return;
  await reaction.users.remove(user.id);
  say("reaction", { emoji: reaction.emoji.name, user: user.id });
});
// Code in messages: a mention is answered under it, the answer follows edits and goes when the message does.
const below = new Map();
const words = (message) => message.content.replace(/<@\d+>/, "").trim();
client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot || !message.mentions.has(client.user.id)) return;
  below.set(message.id, await message.reply({ content: `heard: ${words(message)}`, allowedMentions: { parse: [] } }));
});
client.on(Events.MessageUpdate, async (_, message) => {
  if (message.editedTimestamp && below.has(message.id)) await below.get(message.id).edit(`heard: ${words(message)}`);
});
client.on(Events.MessageDelete, async (message) => below.has(message.id) && below.get(message.id).delete());
client.on(Events.MessageBulkDelete, (messages) => say("purged", { count: messages.size }));
client.on(Events.ShardResume, (_, replayed) => say("resumed", { replayed }));
client.on(Events.Error, (error) => say("failed", { message: String(error) }));
client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands);
  say("ready", { user: client.user.id, guilds: client.guilds.cache.map((guild) => guild.name) });
});
process.stdin.on("end", () => client.destroy().then(() => process.exit(0)));
process.stdin.resume();
await client.login(process.env.DISCORD_TOKEN);
