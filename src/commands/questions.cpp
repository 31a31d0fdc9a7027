#include "commands/questions.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/error.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;
using config::SettingSpec;

// What is wrong with an answer; nullopt: nothing that can be detected.
std::optional<std::string> problem_of(const SettingSpec& spec, const Secret& answer) {
    const auto finding = config::check_value(spec, answer.reveal());
    if (finding) {
        return "it " + finding->problem + (finding->hint.empty() ? "" : ": " + finding->hint);
    }
    try {
        config::dotenv_line(spec.variable, answer);
        if (spec.setting == Setting::key_file) {
            const std::string& path = answer.reveal();
            config::parse_service_account_key(config::read_file(path, {.secret = true}).reveal(),
                                              path);
        }
    } catch (const Error& error) {
        return error.message() + (error.hint().empty() ? "" : "; " + error.hint());
    }
    return std::nullopt;
}

void keep(output::Console& console, config::Settings& settings, const SettingSpec& spec,
          Secret answer) {
    if (spec.takes == config::Takes::secret) {
        console.hide(answer);
    }
    if (spec.setting == Setting::key_file) {
        answer = Secret(std::filesystem::absolute(answer.reveal()).lexically_normal().string());
    }
    settings.set(spec.setting, answer,
                 {.kind = config::Source::Kind::flag, .name = std::string(spec.flag)});
}

// Asks for a missing setting. If `if_empty` is given, it explains that an empty answer skips it.
void ask(output::Console& console, config::Settings& settings, Setting setting,
         const std::string& if_empty = {}) {
    if (settings.has(setting)) {
        return;
    }
    const SettingSpec& spec = config::spec_of(setting);
    console.explain("\n" + std::string(spec.help));
    if (!spec.where.empty()) {
        console.explain("  where: " + std::string(spec.where));
    }
    if (!if_empty.empty()) {
        console.explain("  Press Enter to skip: " + if_empty);
    }
    const std::string prompt = std::string(spec.flag.substr(2)) + ": ";
    for (;;) {
        Secret answer =
            console.ask(prompt, spec.takes == config::Takes::secret ? output::Typing::hidden
                                                                    : output::Typing::shown);
        if (answer.empty()) {
            if (!if_empty.empty()) {
                return;
            }
            console.explain("  A value is required (Ctrl-C to cancel)");
            continue;
        }
        const auto problem = problem_of(spec, answer);
        if (!problem) {
            keep(console, settings, spec, std::move(answer));
            return;
        }
        console.explain("  " + *problem);
    }
}

void ask_for_google(output::Console& console, config::Settings& settings) {
    const bool oauth = settings.has(Setting::client_id) || settings.has(Setting::client_secret) ||
                       settings.has(Setting::refresh_token);
    if (!settings.has(Setting::key_file) && !oauth) {
        ask(console, settings, Setting::project, "defaults to the key file's project");
        ask(console, settings, Setting::key_file, "use an OAuth client, or set this later");
    }
    if (settings.has(Setting::key_file)) {
        return;
    }
    ask(console, settings, Setting::client_id, "set Google credentials later");
    if (!settings.has(Setting::client_id)) {
        return;
    }
    ask(console, settings, Setting::client_secret);
    ask(console, settings, Setting::refresh_token, "get it later with bqconn auth google");
    ask(console, settings, Setting::project);
}

}  // namespace

void ask_what_is_missing(output::Console& console, config::Settings& settings) {
    ask(console, settings, Setting::api_key);
    if (!settings.has(Setting::access_token)) {
        ask(console, settings, Setting::api_secret);
    }
    ask(console, settings, Setting::org_id);
    ask(console, settings, Setting::sandbox_name);
    ask_for_google(console, settings);
}

}  // namespace bqconn::commands
