// Shortcodes that bots commonly use. An unknown one stays as it is written, as in Slack.

const LIST = `
smile 😄 grinning 😀 slightly_smiling_face 🙂 wink 😉 joy 😂 sob 😭 thinking_face 🤔 sweat_smile 😅 sunglasses 😎 heart_eyes 😍 neutral_face 😐 disappointed 😞 worried 😟 sleeping 😴 zzz 💤
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 wave 👋 clap 👏 pray 🙏 raised_hands 🙌 ok_hand 👌 muscle 💪 point_right 👉 point_left 👈 point_up 👆 point_down 👇 raised_hand ✋ handshake 🤝 eyes 👀
tada 🎉 rocket 🚀 fire 🔥 sparkles ✨ star ⭐ star2 🌟 boom 💥 100 💯 heart ❤️ broken_heart 💔 green_heart 💚 trophy 🏆 medal 🎖️ gift 🎁 balloon 🎈 bulb 💡 dart 🎯
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ heavy_multiplication_x ✖️ warning ⚠️ exclamation ❗ question ❓ grey_question ❔ bangbang ‼️ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 stop_sign 🛑 rotating_light 🚨 information_source ℹ️ sos 🆘 new 🆕 ok 🆗
red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_green_square 🟩 large_yellow_square 🟨 small_blue_diamond 🔹 small_orange_diamond 🔸
hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock3 🕒 clock6 🕕 clock8 🕗 clock9 🕘 clock12 🕛 calendar 📅 date 📅 spiral_calendar_pad 🗓️ spiral_calendar 🗓️ double_vertical_bar ⏸️ pause_button ⏸️ arrow_forward ▶️ black_right_pointing_triangle ▶️ fast_forward ⏩ rewind ⏪ repeat 🔁 arrows_counterclockwise 🔄
email ✉️ envelope ✉️ e-mail 📧 incoming_envelope 📨 envelope_with_arrow 📩 mailbox 📫 mailbox_with_mail 📬 inbox_tray 📥 outbox_tray 📤 package 📦 postbox 📮 phone 📞 telephone_receiver 📞 iphone 📱 computer 💻 desktop_computer 🖥️ bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 thought_balloon 💭
moneybag 💰 money_with_wings 💸 dollar 💵 euro 💶 pound 💷 yen 💴 credit_card 💳 receipt 🧾 bank 🏦 chart 💹 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 scales ⚖️ abacus 🧮 ledger 📒 page_facing_up 📄 page_with_curl 📃 bookmark_tabs 📑 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 file_folder 📁 open_file_folder 📂 card_index 📇 newspaper 📰 book 📖 books 📚 label 🏷️ bookmark 🔖
office 🏢 house 🏠 factory 🏭 department_store 🏬 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 globe_with_meridians 🌐 bust_in_silhouette 👤 busts_in_silhouette 👥 robot_face 🤖 ghost 👻 construction 🚧 construction_worker 👷 
lock 🔒 unlock 🔓 key 🔑 shield 🛡️ gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ bug 🐛 mag 🔍 mag_right 🔎 microscope 🔬 test_tube 🧪 electric_plug 🔌 battery 🔋 zap ⚡ satellite 🛰️ wastebasket 🗑️ broom 🧹 seedling 🌱 herb 🌿 leaves 🍃 snowflake ❄️ sunny ☀️ cloud ☁️ umbrella ☔ rainbow 🌈 coffee ☕ beer 🍺 pizza 🍕 cake 🍰 apple 🍎 turtle 🐢 snail 🐌 hatching_chick 🐣 dove_of_peace 🕊️
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️ heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_division_sign ➗ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳️ flag-de 🇩🇪 de 🇩🇪 flag-us 🇺🇸 us 🇺🇸 flag-gb 🇬🇧 gb 🇬🇧 flag-fr 🇫🇷 fr 🇫🇷`;

export const EMOJI = new Map();
const words = LIST.trim().split(/\s+/);
for (let at = 0; at + 1 < words.length; at += 2) EMOJI.set(words[at], words[at + 1]);
