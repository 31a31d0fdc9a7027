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

std::string help_hint(const commands::VerbGroup& group) {
    return "bqconn " + std::string(group.name) + " --help lists the verbs";
}

// `verb` is null if the command line has none.
Error unknown_flag(const Verb* verb, std::span<const std::string_view> flags,
                   std::string_view word) {
    const std::string name = name_part(word);
    if (name.empty()) {
        return {ExitCode::usage, "usage.unknown_flag",
                "unknown flag (not shown: it may be a secret)",
                "write a value that begins with \"-\" as --flag=VALUE; " + help_hint(verb)};
    }
    if (verb != nullptr && std::find(verb->refused_flags.begin(), verb->refused_flags.end(),
                                     name) != verb->refused_flags.end()) {
        return {ExitCode::usage, "usage.refused_flag",
                "bqconn " + std::string(verb->name) + " does not accept " + name,
                std::string(verb->refusal)};
    }
    auto meant = nearest("--" + name.substr(name.find_first_not_of('-')), flags);
    if (meant == "--yes") {
        meant.reset();  // nobody should skip a question because of a typing mistake
    }
    return {ExitCode::usage, "usage.unknown_flag", "unknown flag " + name,
            meant ? "did you mean " + *meant + "?" : help_hint(verb)};
}

// What other tools call a verb, and what bqconn calls it.
struct Synonym {
    std::string_view word;
    std::string_view meant;
};

constexpr auto synonyms = std::to_array<Synonym>({
    {"version", "bqconn --version"},
    {"rm", "bqconn delete"},
    {"remove", "bqconn delete"},
    {"ls", "bqconn list"},
    {"show", "bqconn get"},
    {"describe", "bqconn get"},
    {"add", "bqconn create"},
    {"new", "bqconn create"},
    {"edit", "bqconn update"},
    {"set", "bqconn update"},
    {"verify", "bqconn check"},
    {"validate", "bqconn check"},
    {"plan", "bqconn diff"},
    {"tables", "bqconn explore"},
    {"configure", "bqconn init"},
    {"setup", "bqconn init"},
    {"whoami", "bqconn auth status"},
    {"status", "bqconn auth status"},
    {"token", "bqconn auth token"},
    {"login", "bqconn auth google"},
    {"auth login", "bqconn auth google"},
    {"logout", "bqconn auth clear"},
    {"auth logout", "bqconn auth clear"},
    {"flows", "bqconn dataflow list"},
    {"dataflows", "bqconn dataflow list"},
    {"dataflow ls", "bqconn dataflow list"},
    {"dataflow show", "bqconn dataflow get"},
    {"dataflow status", "bqconn dataflow get"},
    {"runs", "bqconn dataflow runs"},
    {"why", "bqconn dataflow why"},
    {"dataflow edit", "bqconn dataflow update"},
    {"dataflow rm", "bqconn dataflow delete"},
    {"dataflow remove", "bqconn dataflow delete"},
    {"dataflow pause", "bqconn dataflow disable"},
    {"dataflow stop", "bqconn dataflow disable"},
    {"dataflow resume", "bqconn dataflow enable"},
});

Error unknown_verb(Words words) {
    std::string typed = words.front();
    std::string shown = name_part(typed);
    const auto* const group = commands::find_group(typed);
    if (group != nullptr && words.size() > 1) {
        const std::string second = name_part(words[1]);
        typed += " " + words[1];
        shown += second.empty() || second.starts_with('-') ? "" : " " + second;
    }
    std::vector<std::string_view> names;
    names.reserve(commands::verbs().size());
    for (const auto& verb : commands::verbs()) {
        names.push_back(verb.name);
    }
    const auto* const synonym = std::find_if(synonyms.begin(), synonyms.end(),
                                             [&](const auto& one) { return one.word == typed; });
    const auto meant = synonym != synonyms.end() ? std::string(synonym->meant)
                                                 : "bqconn " + nearest(typed, names).value_or("");
    return {ExitCode::usage, "usage.unknown_verb",
            shown.empty() ? "unknown verb" : "unknown verb \"" + shown + "\"",
            meant != "bqconn " ? "did you mean \"" + meant + "\"?"
            : group != nullptr ? help_hint(*group)
                               : help_hint(nullptr)};
}

// Whether `word` is a flag whose value is the next word.
bool takes_next_word(std::string_view word) {
    const auto settings = config::all_settings();
    return std::any_of(settings.begin(), settings.end(), [word](const SettingSpec& spec) {
        return spec.takes != Takes::yes_no && (spec.flag == word || spec.alias == word);
    });
}

// The number of words before the verb that are flags or their values.
std::size_t flags_before_verb(Words words) {
    std::size_t at = 0;
    while (at < words.size() && words[at].starts_with('-') && words[at] != "--") {
        at += takes_next_word(words[at]) ? 2 : 1;
    }
    return std::min(at, words.size());
}

// The first flag of `leading`, the words before a verb, that no verb has.
std::optional<Error> unknown_leading_flag(Words leading) {
    std::vector<std::string_view> flags;
    const auto add = [&flags](std::span<const Switch> switches) {
        for (const auto& one : switches) {
            flags.insert(flags.end(), {one.flag, one.alias});
        }
    };
    add(commands::general_switches);
    add(commands::common_switches);
    for (const auto& verb : commands::verbs()) {
        add(verb.switches);
    }
    for (const auto& spec : config::all_settings()) {
        flags.insert(flags.end(), {spec.flag, spec.alias});
    }
    for (std::size_t at = 0; at < leading.size(); at += takes_next_word(leading[at]) ? 2 : 1) {
        const std::string flag = leading[at].substr(0, leading[at].find('='));
        if (std::find(flags.begin(), flags.end(), flag) == flags.end()) {
            return unknown_flag(nullptr, flags, leading[at]);
        }
    }
    return std::nullopt;
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
        for (const Setting setting : commands::accepted_settings(*line.verb)) {
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
        const std::vector<std::string> kept = without_bad_attached_values(words);
        try {
            app_.parse(std::vector<std::string>(kept.rbegin(), kept.rend()));
        } catch (const CLI::ParseError&) {
            // All words were read, but the last flag lacks its value.
            read_waiting(kept.back());
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

    void mistake(const char* code, const std::string& message, const std::string& advice = "") {
        if (!line_.mistake) {
            line_.mistake = Error(ExitCode::usage, code, message, advice + help_hint(line_.verb));
        }
    }

    // CLI11 would take the next word as the value of "--name=", and would accept "--yes=true".
    std::vector<std::string> without_bad_attached_values(Words words) {
        std::vector<std::string> kept;
        kept.reserve(words.size());
        for (auto word = words.begin(); word != words.end(); ++word) {
            if (*word == "--") {
                kept.insert(kept.end(), word, words.end());
                break;
            }
            if (!refuse_attached_value(*word, word + 1 == words.end())) {
                kept.push_back(*word);
            }
        }
        return kept;
    }

    bool refuse_attached_value(std::string_view word, bool is_last) {
        const auto equals = std::min(word.find('='), word.size());
        const std::string flag(word.substr(0, equals));
        const auto is_named = [&flag](const auto& one) {
            return one.first->flag == flag || one.first->alias == flag;
        };
        if (equals == word.size() || flag.empty()) {
            return false;
        }
        const auto setting = std::find_if(settings_.begin(), settings_.end(), is_named);
        const bool has_value = setting != settings_.end() && setting->first->takes != Takes::yes_no;
        if (has_value && equals + 1 == word.size()) {
            line_.waiting = is_last ? setting->first : nullptr;
            mistake("usage.missing_value", flag + "= has an empty value",
                    "if the value comes from a shell variable, that variable is empty; ");
            return true;
        }
        if (!has_value && (setting != settings_.end() ||
                           std::any_of(switches_.begin(), switches_.end(), is_named))) {
            mistake("usage.unwanted_value", flag + " takes no value");
            return true;
        }
        return false;
    }

    void read_waiting(std::string_view word) {
        for (const auto& [spec, option] : settings_) {
            if (spec->takes != Takes::yes_no && (spec->flag == word || spec->alias == word)) {
                line_.waiting = spec;
                mistake("usage.missing_value", std::string(word) + " needs a value");
            }
        }
        mistake("usage.command_line", "invalid command line");
    }

    void read_switches() {
        for (const auto& [one, option] : switches_) {
            if (!option->results().empty()) {
                line_.flags.insert(one->id);
            }
        }
    }

    // CLI11 takes the next word as an option's value even if it is a flag.
    void read_settings() {
        for (const auto& [spec, option] : settings_) {
            if (spec->takes == Takes::yes_no) {
                if (!option->results().empty()) {
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
            } else if (!word.starts_with('-') || word == "-" || line_.flags_ended) {
                line_.operands.push_back(std::move(word));
            } else if (!line_.mistake && line_.verb != nullptr) {
                line_.mistake = unknown_flag(line_.verb, flags_, word);
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
        const std::size_t before = flags_before_verb(words);
        line.mistake = unknown_leading_flag(words.first(before));
        if (!line.mistake && before < words.size()) {
            line.mistake = unknown_verb(words.subspan(before));
        } else if (!line.mistake) {
            line.mistake = Error(
                ExitCode::usage, "usage.missing_verb", "the verb is missing",
                "write it before or after the flags: bqconn create [flags]; " + help_hint(nullptr));
        }
    }
}

}  // namespace

CommandLine read(const std::vector<std::string>& args) {
    CommandLine line;
    const bool help = !args.empty() && args.front() == "help";
    std::vector<std::string> words(args.begin() + (help ? 1 : 0), args.end());
    const std::size_t before = flags_before_verb(words);
    const commands::NamedVerb named = commands::find_verb(Words(words).subspan(before));
    line.verb = named.verb;
    const auto verb_at = words.begin() + static_cast<std::ptrdiff_t>(before);
    words.erase(verb_at, verb_at + static_cast<std::ptrdiff_t>(named.words));
    Reader(line).read(words);
    if (line.verb == nullptr) {
        read_without_verb(line, words, help);
    } else if (help) {
        line.flags.insert(Flag::help);
        line.mistake.reset();
    }
    return line;
}

}  // namespace bqconn::cli
