// The verb table, which drives parsing, help and "did you mean".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/commands/context.hpp"
#include "bqconn/commands/task.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::cli {

// A flag that is not a setting: it has no variable and cannot be set in a file.
struct Switch {
    std::string_view flag;   // "--dry-run"
    std::string_view alias;  // "-v", or empty
    std::string_view help;
};

// Arguments that are not flags.
struct Operands {
    std::size_t most = 0;
    std::vector<config::Offers> offers = {};  // one per operand; the last covers all further ones
    std::span<const std::string_view> words = {};  // for Offers::words
};

struct Verb {
    std::string_view name;
    std::string_view summary;  // one line, for the list of verbs
    std::string_view usage;    // without "bqconn "
    std::string_view description;
    std::string_view examples;
    std::vector<Switch> switches;  // besides the common ones
    std::vector<config::Setting> settings;
    std::vector<output::Format> formats;  // of its result; empty: only one, and no -o
    Operands operands;
    std::string_view participle;  // "created": what it does to a connection; empty: nothing
    void (*run)(commands::Context& context, const commands::Task& task);
    bool name_is_new = false;   // --name names a connection to create
    bool has_warnings = false;  // the result includes the warnings
    bool auto_is_text = false;  // even if stdout is not a terminal
    config::Profiles profiles = config::Profiles::read;
};

std::span<const Verb> verbs();

// The verb at the start of a command line; its name has one or two words ("auth token").
struct NamedVerb {
    const Verb* verb = nullptr;  // null: unknown verb
    std::size_t words = 0;       // in its name
};

NamedVerb find_verb(std::span<const std::string> words);

// The first word of two-word verbs.
struct VerbGroup {
    std::string_view name;     // "auth"
    std::string_view summary;  // one line
};

// Null if no group has that name.
const VerbGroup* find_group(std::string_view word);

// The first word of a two-word verb; otherwise empty.
std::string_view group_of(const Verb& verb);

// Switches of every verb: --verbose, --quiet, --no-color, --help.
std::span<const Switch> common_switches();

// Switches used without a verb: --help, --version.
std::span<const Switch> general_switches();

}  // namespace bqconn::cli
