// The verbs: one table, from which parsing, help and "did you mean" are made.
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

// A flag that is no setting: it has no variable and stands in no file.
struct Switch {
    std::string_view flag;   // "--dry-run"
    std::string_view alias;  // "-v", or empty
    std::string_view help;
};

// What belongs to no flag.
struct Operands {
    std::size_t most = 0;
    std::vector<config::Offers> offers = {};  // of the first, the second, …, all further ones
    std::span<const std::string_view> words = {};  // for Offers::words
};

struct Verb {
    std::string_view name;
    std::string_view summary;  // one line, for the list of verbs
    std::string_view usage;    // behind "bqconn "
    std::string_view description;
    std::string_view examples;
    std::vector<Switch> switches;  // of this verb alone
    std::vector<config::Setting> settings;
    std::vector<output::Format> formats;  // of its result; empty: it has one form, and no -o
    Operands operands;
    std::string_view participle;  // "created": what it does to a connection; empty: nothing
    void (*run)(commands::Context& context, const commands::Task& task);
    bool name_is_new = false;   // --name names what is yet to be made
    bool has_warnings = false;  // its result shows them
    bool auto_is_text = false;  // also where stdout is no terminal
    config::Profiles profiles = config::Profiles::read;
};

std::span<const Verb> verbs();

// What a command line begins with: the name of a verb, of one word or of two ("auth token").
struct NamedVerb {
    const Verb* verb = nullptr;  // null: there is none of that name
    std::size_t words = 0;       // of its name
};

NamedVerb find_verb(std::span<const std::string> words);

// The first words of the verbs of two.
struct VerbGroup {
    std::string_view name;     // "auth"
    std::string_view summary;  // one line
};

// Null for any other word.
const VerbGroup* find_group(std::string_view word);

// The first word of a verb's name if there are two, else empty.
std::string_view group_of(const Verb& verb);

// Switches that every verb has: --verbose, --quiet, --no-color, --help.
std::span<const Switch> common_switches();

// Those that stand in a verb's place: --help, --version.
std::span<const Switch> general_switches();

}  // namespace bqconn::cli
