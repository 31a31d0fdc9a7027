#include "bqconn/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::cli {
namespace {

using config::Setting;
using config::SettingSpec;
using config::Takes;

// The part of `word` that is certainly a name and not a value; empty if it does not look like one.
std::string_view name_part(std::string_view word) {
    constexpr std::size_t longest = 40;
    const auto name = word.substr(0, word.find('='));
    const auto letters = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    const bool plain = !letters.empty() && letters.size() <= longest && letters.front() >= 'a' &&
                       letters.front() <= 'z' &&
                       std::all_of(letters.begin(), letters.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    return plain ? name : std::string_view{};
}

std::vector<std::string_view> flags_of(const Verb& verb) {
    std::vector<std::string_view> flags;
    const auto add = [&flags](std::string_view flag) {
        if (!flag.empty()) {
            flags.push_back(flag);
        }
    };
    for (const Setting setting : verb.settings) {
        add(config::spec_of(setting).flag);
        add(config::spec_of(setting).alias);
    }
    for (const auto* list : {&verb.switches}) {
        for (const auto& one : *list) {
            add(one.flag);
        }
    }
    for (const auto& one : common_switches()) {
        add(one.flag);
    }
    return flags;
}

std::string help_hint(const Verb* verb) {
    return verb == nullptr ? "bqconn --help lists the verbs"
                           : "bqconn " + std::string(verb->name) + " --help lists the flags";
}

[[noreturn]] void refuse(const std::string& code, const std::string& message,
                         const std::string& hint) {
    throw Error(ExitCode::usage, code, message, hint);
}

[[noreturn]] void refuse_flag(const Verb& verb, std::string_view word) {
    const auto name = name_part(word);
    if (name.empty()) {
        refuse("usage.unknown_flag",
               "an argument that begins with \"-\" is no flag of bqconn (it is not shown: it may "
               "be a secret)",
               "write a value that begins with \"-\" as --flag=VALUE; " + help_hint(&verb));
    }
    const std::string full = "--" + std::string(name.substr(name.find_first_not_of('-')));
    const auto meant = nearest(full, flags_of(verb));
    refuse("usage.unknown_flag", "unknown flag " + std::string(name),
           meant ? "did you mean " + *meant + "?" : help_hint(&verb));
}

[[noreturn]] void refuse_extra(const Verb& verb) {
    refuse("usage.unexpected_argument",
           "an argument belongs to no flag (it is not shown: it may be a secret)",
           "quote a value that holds spaces; " + help_hint(&verb));
}

[[noreturn]] void refuse_verb(std::string_view word) {
    if (word.starts_with('-')) {
        const auto name = name_part(word);
        refuse("usage.unknown_flag",
               name.empty()
                   ? "an argument before the verb is no flag of bqconn"
                   : "flag " + std::string(name) + " stands before the verb, or there is no verb",
               "write the verb first: bqconn create [flags]");
    }
    std::vector<std::string_view> names;
    for (const auto& verb : verbs()) {
        names.push_back(verb.name);
    }
    const auto shown = name_part(word);
    const auto meant = nearest(word, names);
    refuse("usage.unknown_verb",
           shown.empty() ? "unknown verb" : "unknown verb \"" + std::string(shown) + "\"",
           meant ? "did you mean \"bqconn " + *meant + "\"?" : help_hint(nullptr));
}

// What CLI11 writes into while it parses.
struct Slots {
    std::map<Setting, std::vector<std::string>> values;
    std::map<std::string, bool> switches;
};

void add_setting(CLI::App& app, Slots& slots, const SettingSpec& spec) {
    if (spec.flag.empty()) {
        return;
    }
    std::string names(spec.flag);
    if (!spec.alias.empty()) {
        names += "," + std::string(spec.alias);
    }
    if (spec.takes == Takes::yes_no) {
        app.add_flag(names, slots.switches[std::string(spec.flag)])->disable_flag_override();
        return;
    }
    app.add_option(names, slots.values[spec.setting])->take_all()->allow_extra_args(false);
}

void add_switch(CLI::App& app, Slots& slots, const Switch& one) {
    const std::string names =
        (one.alias.empty() ? std::string() : std::string(one.alias) + ",") + std::string(one.flag);
    app.add_flag(names, slots.switches[std::string(one.flag)])->disable_flag_override();
}

// CLI11 gives an option the next word as its value even if that is a flag.
void check_no_flag_as_value(const Verb& verb, const Slots& slots) {
    const auto flags = flags_of(verb);
    for (const auto& [setting, values] : slots.values) {
        for (const auto& value : values) {
            if (std::find(flags.begin(), flags.end(), value) != flags.end()) {
                refuse("usage.missing_value",
                       std::string(config::spec_of(setting).flag) + " needs a value, but " + value +
                           " follows",
                       help_hint(&verb));
            }
        }
    }
}

// CLI11's own words quote values, so the mistake is looked for again: a value for a flag that takes
// none, or none for one that does.
[[noreturn]] void refuse_line(const Verb& verb, const std::vector<std::string>& args) {
    const auto flags = flags_of(verb);
    for (const auto& word : args) {
        const auto name = std::string_view(word).substr(0, word.find('='));
        if (name.size() < word.size() &&
            std::find(flags.begin(), flags.end(), name) != flags.end()) {
            refuse("usage.unwanted_value", std::string(name) + " takes no value", help_hint(&verb));
        }
    }
    if (std::find(flags.begin(), flags.end(), args.back()) != flags.end() || args.back() == "-o") {
        refuse("usage.missing_value", args.back() + " needs a value", help_hint(&verb));
    }
    refuse("usage.command_line", "the command line cannot be read", help_hint(&verb));
}

void take(Invocation& invocation, const Slots& slots) {
    for (const auto& [setting, values] : slots.values) {
        for (const auto& value : values) {
            invocation.typed[setting].emplace_back(value);
        }
    }
    for (const auto& [flag, given] : slots.switches) {
        if (given) {
            invocation.switches.insert(flag);
        }
    }
    for (const Setting setting : invocation.verb->settings) {
        const auto& spec = config::spec_of(setting);
        if (spec.takes == Takes::yes_no && invocation.has(spec.flag)) {
            invocation.typed[setting].emplace_back("true");
        }
    }
}

// What stands behind "--" is no flag. CLI11 keeps the first one only if words follow it.
std::vector<std::string> operands_of(const Verb& verb, const std::vector<std::string>& remaining) {
    std::vector<std::string> operands;
    bool flags_ended = false;
    for (const auto& word : remaining) {
        if (word == "--" && !flags_ended) {
            flags_ended = true;
        } else if (word.starts_with('-') && !flags_ended) {
            refuse_flag(verb, word);
        } else {
            operands.push_back(word);
        }
    }
    if (operands.size() > verb.operands.most) {
        refuse_extra(verb);
    }
    return operands;
}

}  // namespace

Invocation parse(const std::vector<std::string>& args) {
    Invocation invocation;
    if (!args.empty() && !args.front().starts_with('-')) {
        invocation.verb = find_verb(args.front());
        if (args.front() == "help") {
            invocation.switches.insert("--help");
            invocation.verb = args.size() > 1 ? find_verb(args[1]) : nullptr;
            if (args.size() > 1 && invocation.verb == nullptr) {
                refuse_verb(args[1]);
            }
            return invocation;
        }
    }
    if (invocation.verb == nullptr) {
        for (const auto& word : args) {
            if (word == "--help" || word == "-h") {
                invocation.switches.insert("--help");
                return invocation;
            }
            if (word == "--version" || word == "-V") {
                invocation.version = true;
                return invocation;
            }
            refuse_verb(word);
        }
        return invocation;
    }
    Slots slots;
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    for (const Setting setting : invocation.verb->settings) {
        add_setting(app, slots, config::spec_of(setting));
    }
    for (const auto& one : invocation.verb->switches) {
        add_switch(app, slots, one);
    }
    for (const auto& one : common_switches()) {
        add_switch(app, slots, one);
    }
    std::vector<std::string> reversed(args.rbegin(), args.rend() - 1);
    try {
        app.parse(reversed);
    } catch (const CLI::ParseError&) {
        refuse_line(*invocation.verb, args);
    }
    check_no_flag_as_value(*invocation.verb, slots);
    invocation.operands = operands_of(*invocation.verb, app.remaining());
    take(invocation, slots);
    return invocation;
}

}  // namespace bqconn::cli
