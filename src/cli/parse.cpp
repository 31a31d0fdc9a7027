#include "bqconn/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"

namespace bqconn::cli {
namespace {

using commands::Flag;
using commands::Switch;
using commands::Verb;
using config::Setting;
using config::SettingSpec;
using config::Takes;
using Words = std::span<const std::string>;

// --- Mistakes, worded without quoting anything that may be a secret.

// The part of `word` that is certainly a name and not a value; empty if it does not look like one.
std::string name_part(std::string_view word) {
    constexpr std::size_t longest = 40;
    const auto name = word.substr(0, word.find('='));
    const auto letters = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    const bool plain = !letters.empty() && letters.size() <= longest &&
                       letters.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == letters.npos;
    return plain ? std::string(name) : "";
}

std::string help_hint(const Verb* verb) {
    return verb == nullptr ? "bqconn --help lists the verbs"
                           : "bqconn " + std::string(verb->name) + " --help lists the flags";
}

Error unknown_flag(const Verb& verb, std::span<const std::string_view> flags,
                   std::string_view word) {
    const std::string name = name_part(word);
    if (name.empty()) {
        return {ExitCode::usage, "usage.unknown_flag",
                "unknown flag (not shown: it may be a secret)",
                "write a value that begins with \"-\" as --flag=VALUE; " + help_hint(&verb)};
    }
    const auto meant = nearest("--" + name.substr(name.find_first_not_of('-')), flags);
    return {ExitCode::usage, "usage.unknown_flag", "unknown flag " + name,
            meant ? "did you mean " + *meant + "?" : help_hint(&verb)};
}

Error unknown_verb(Words words) {
    std::string typed = words.front();
    std::string shown = name_part(typed);
    if (typed.starts_with('-')) {
        return {ExitCode::usage, "usage.unknown_flag",
                shown.empty() ? "unknown flag before the verb"
                              : "flag " + shown + " comes before the verb",
                "write the verb first: bqconn create [flags]"};
    }
    if (commands::find_group(typed) != nullptr && words.size() > 1) {
        const std::string second = name_part(words[1]);
        typed += " " + words[1];
        shown += second.empty() || second.starts_with('-') ? "" : " " + second;
    }
    std::vector<std::string_view> names;
    for (const auto& verb : commands::verbs()) {
        names.push_back(verb.name);
    }
    const auto meant = nearest(typed, names);
    return {ExitCode::usage, "usage.unknown_verb",
            shown.empty() ? "unknown verb" : "unknown verb \"" + shown + "\"",
            meant ? "did you mean \"bqconn " + *meant + "\"?" : help_hint(nullptr)};
}

// --- Reading, with CLI11.

class Reader {
  public:
    explicit Reader(CommandLine& line) : line_(line) {
        app_.set_help_flag();
        app_.allow_extras();
        if (line.verb == nullptr) {
            add(config::spec_of(Setting::output));
            return;
        }
        for (const Setting setting : line.verb->settings) {
            add(config::spec_of(setting));
        }
        for (const auto& list : {std::span<const Switch>(line.verb->switches),
                                 std::span<const Switch>(commands::common_switches)}) {
            for (const auto& one : list) {
                switches_.emplace_back(&one, app_.add_flag(names_of(one.flag, one.alias)));
                flags_.push_back(one.flag);
            }
        }
    }

    void read(Words words) {
        try {
            app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));
        } catch (const CLI::ParseError&) {
            // All words were read, but the last flag lacks its value.
            read_waiting(words.back());
        }
        read_switches();
        read_settings();
        read_operands(words);
    }

  private:
    static std::string names_of(std::string_view flag, std::string_view alias) {
        return std::string(flag) + (alias.empty() ? "" : "," + std::string(alias));
    }

    void add(const SettingSpec& spec) {
        if (spec.flag.empty()) {
            return;
        }
        const std::string names = names_of(spec.flag, spec.alias);
        settings_.emplace_back(&spec, spec.takes == Takes::yes_no
                                          ? app_.add_flag(names)
                                          : app_.add_option(names)->take_all());
        flags_.push_back(spec.flag);
        if (!spec.alias.empty()) {
            flags_.push_back(spec.alias);
        }
    }

    void mistake(const char* code, const std::string& message) {
        if (!line_.mistake) {
            line_.mistake = Error(ExitCode::usage, code, message, help_hint(line_.verb));
        }
    }

    void read_waiting(std::string_view word) {
        word = word.substr(0, word.ends_with('=') ? word.size() - 1 : word.size());
        for (const auto& [spec, option] : settings_) {
            if (spec->takes != Takes::yes_no && (spec->flag == word || spec->alias == word)) {
                line_.waiting = spec;
                mistake("usage.missing_value", std::string(word) + " needs a value");
            }
        }
        mistake("usage.command_line", "invalid command line");
    }

    // Whether a flag was given. CLI11 stores a value it should not have, or "true".
    bool is_given(std::string_view flag, const CLI::Option& option) {
        for (const auto& value : option.results()) {
            if (value != "true") {
                line_.mistake.reset();  // outranks a value that is missing
                mistake("usage.unwanted_value", std::string(flag) + " takes no value");
            }
        }
        return !option.results().empty();
    }

    void read_switches() {
        for (const auto& [one, option] : switches_) {
            if (is_given(one->flag, *option)) {
                line_.flags.insert(one->id);
            }
        }
    }

    // CLI11 takes the next word as an option's value even if it is a flag.
    void read_settings() {
        for (const auto& [spec, option] : settings_) {
            if (spec->takes == Takes::yes_no) {
                if (is_given(spec->flag, *option)) {
                    line_.typed[spec->setting].emplace_back("true");
                }
                continue;
            }
            for (const auto& value : option->results()) {
                line_.typed[spec->setting].emplace_back(value);
                if (std::find(flags_.begin(), flags_.end(), value) != flags_.end()) {
                    mistake(
                        "usage.missing_value",
                        std::string(spec->flag) + " needs a value, but is followed by " + value);
                }
            }
        }
    }

    // Words after "--" are not flags. CLI11 keeps the first "--" only if words follow it.
    void read_operands(Words words) {
        for (auto& word : app_.remaining()) {
            if (word == "--" && !line_.flags_ended) {
                line_.flags_ended = true;
            } else if (!word.starts_with('-') || line_.flags_ended) {
                line_.operands.push_back(std::move(word));
            } else if (!line_.mistake && line_.verb != nullptr) {
                line_.mistake = unknown_flag(*line_.verb, flags_, word);
            }
        }
        line_.flags_ended = line_.flags_ended || (!words.empty() && words.back() == "--");
        if (line_.verb != nullptr && line_.operands.size() > line_.verb->operands.most &&
            !line_.mistake) {
            line_.mistake = Error(ExitCode::usage, "usage.unexpected_argument",
                                  "unexpected argument (not shown: it may be a secret)",
                                  "quote a value that contains spaces; " + help_hint(line_.verb));
        }
    }

    CommandLine& line_;
    CLI::App app_;
    std::vector<std::pair<const SettingSpec*, CLI::Option*>> settings_;
    std::vector<std::pair<const Switch*, CLI::Option*>> switches_;
    std::vector<std::string_view> flags_;  // every one that is accepted
};

bool is_help(std::string_view word) {
    return word == "--help" || word == "-h";
}

// A command line without a verb: help, the version, or a mistake.
void read_without_verb(CommandLine& line, Words words, bool help) {
    line.mistake.reset();
    const bool asks = !words.empty() && is_help(words.front());
    if (help || asks) {
        line.flags.insert(Flag::help);
    }
    if (words.empty() || (asks && !help)) {
        return;
    }
    const auto* const group = commands::find_group(words.front());
    if (group != nullptr && (words.size() == 1 || is_help(words[1]))) {
        line.group = group;
    } else if (!help && (words.front() == "--version" || words.front() == "-V")) {
        line.flags.insert(Flag::version);
    } else {
        line.mistake = unknown_verb(words);
    }
}

}  // namespace

CommandLine read(const std::vector<std::string>& args) {
    CommandLine line;
    const bool help = !args.empty() && args.front() == "help";
    const auto words = Words(args).subspan(help ? 1 : 0);
    const commands::NamedVerb named = commands::find_verb(words);
    line.verb = named.verb;
    Reader(line).read(words.subspan(named.words));
    if (line.verb == nullptr) {
        read_without_verb(line, words, help);
    } else if (help) {
        line.flags.insert(Flag::help);
        line.mistake.reset();
    }
    return line;
}

}  // namespace bqconn::cli
