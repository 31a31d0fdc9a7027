#include "bqconn/cli/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include "bqconn/core/error.hpp"
#include "cli/mistakes.hpp"

namespace bqconn::cli {
namespace {

using config::Setting;
using config::SettingSpec;
using config::Takes;

// Where CLI11 stores values while parsing.
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

// CLI11 takes the next word as an option's value even if it is a flag.
void check_no_flag_as_value(const Verb& verb, const Slots& slots) {
    const auto flags = flags_of(verb);
    for (const auto& [setting, values] : slots.values) {
        for (const auto& value : values) {
            if (std::find(flags.begin(), flags.end(), value) != flags.end()) {
                refuse_missing_value(verb, setting, value);
            }
        }
    }
}

void store_values(Invocation& invocation, const Slots& slots) {
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

// Words after "--" are not flags. CLI11 keeps the first "--" only if words follow it.
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

bool wants_help(std::string_view word) {
    return word == "--help" || word == "-h";
}

// A command line without a verb: help, the version, or an error.
Invocation parse_without_verb(std::span<const std::string> words, bool help) {
    Invocation invocation;
    if (help || words.empty()) {
        invocation.switches.insert("--help");
    }
    if (words.empty()) {
        return invocation;
    }
    const VerbGroup* const group = find_group(words.front());
    if (group != nullptr && (words.size() == 1 || wants_help(words[1]))) {
        invocation.group = group;
    } else if (!help && wants_help(words.front())) {
        invocation.switches.insert("--help");
    } else if (!help && (words.front() == "--version" || words.front() == "-V")) {
        invocation.version = true;
    } else {
        refuse_verb(words);
    }
    return invocation;
}

}  // namespace

Invocation parse(const std::vector<std::string>& args) {
    const bool help = !args.empty() && args.front() == "help";
    const auto words = std::span(args).subspan(help ? 1 : 0);
    const NamedVerb named = find_verb(words);
    if (named.verb == nullptr) {
        return parse_without_verb(words, help);
    }
    Invocation invocation;
    invocation.verb = named.verb;
    if (help) {
        invocation.switches.insert("--help");
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
    const auto flags = words.subspan(named.words);
    std::vector<std::string> reversed(flags.rbegin(), flags.rend());
    try {
        app.parse(reversed);
    } catch (const CLI::ParseError&) {
        refuse_line(*invocation.verb, args);
    }
    check_no_flag_as_value(*invocation.verb, slots);
    invocation.operands = operands_of(*invocation.verb, app.remaining());
    store_values(invocation, slots);
    return invocation;
}

}  // namespace bqconn::cli
