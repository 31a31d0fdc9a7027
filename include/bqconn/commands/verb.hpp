// The verbs: what each accepts, its help, the function that does it, and what that function gets.
// Each is declared in the source file of its name; parsing, help, completion and the manual pages
// read the table.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/output/console.hpp"
#include "bqconn/output/format.hpp"

namespace spdlog {
class logger;
}

namespace bqconn::commands {

using config::Offers;
using config::Setting;
using output::Format;

// The flags that are not settings: they have no variable and cannot be set in a file.
enum class Flag {
    all_sources,
    check,
    dry_run,
    failed,
    follow,
    force,
    help,
    if_exists,
    keep_on_failure,
    leftovers,
    manifest,
    no_backfill,
    no_browser,
    no_color,
    no_recover,
    offline,
    once,
    preview,
    print_curl,
    prune,
    quiet,
    replace,
    resume,
    rotate,
    rows,
    test,
    verbose,
    version,
    wait,
    yes,
};

using Flags = std::set<Flag>;

struct Switch {
    Flag id;
    std::string_view flag;  // "--dry-run"
    std::string_view help;
    std::string_view alias = {};  // "-v"
};

// Arguments that are not flags.
struct Operands {
    std::size_t most = 0;
    std::vector<Offers> offers = {};  // one per operand; the last covers all further ones
    std::span<const std::string_view> words = {};  // for Offers::words
};

// Everything a verb may use outside itself. Nothing is global, so tests can replace all of it.
struct Context {
    const config::Environment& environment;
    output::Console& console;
    const http::TransportFactory& make_transport;
    const Clock& clock;
    std::shared_ptr<spdlog::logger> logger = {};  // null: no log
    http::ListenerFactory make_listener = {};
    // Transports support Request::late_authorization and concurrent use.
    bool connects_ahead = false;
};

// What a verb was asked to do.
struct Task {
    const config::Settings& settings;
    const Flags& flags;
    const std::vector<std::string>& operands;
    Format format;

    bool has(Flag flag) const { return flags.contains(flag); }
    std::size_t limit() const;     // --limit, or the largest number if it is not given
    std::size_t parallel() const;  // --parallel
};

struct Verb {
    std::string_view name;     // one or two words: "auth token"
    std::string_view summary;  // one line, for the list of verbs
    std::string_view usage;    // without "bqconn "
    std::string_view description;
    std::string_view examples;
    std::vector<Switch> switches = {};  // besides the common ones
    std::vector<Setting> settings = {};
    std::vector<Format> formats = {};  // of its result; empty: only one, and no -o
    Operands operands = {};
    std::string_view participle = {};  // "created": what it does to a connection; empty: nothing
    // Flags that a user may expect, and what to do instead.
    std::vector<std::string_view> refused_flags = {};
    std::string_view refusal = {};
    bool name_is_new = false;   // --name names a connection to create
    bool has_warnings = false;  // the result includes the warnings
    bool auto_is_text = false;  // even if stdout is not a terminal
    config::Profiles profiles = config::Profiles::read;
    void (*run)(Context& context, const Task& task);  // throws Error
};

// The settings of every verb that calls Adobe, plus `added` and without `removed`, in the order of
// the settings table.
std::vector<Setting> with_common(const std::vector<Setting>& added,
                                 const std::vector<Setting>& removed = {});

// `settings`, plus Google's credentials and services.
std::vector<Setting> with_google(std::vector<Setting> settings);

// The settings whose flags a verb accepts: its own and, if it calls Adobe, the groups Adobe, Files
// and Network, so that a script can pass the same flags to every verb. A verb ignores those it does
// not use.
std::vector<Setting> accepted_settings(const Verb& verb);

std::span<const Verb> verbs();

// The verb at the start of a command line.
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

// "auto, text, json", …: the values of -o.
std::string formats_of(const Verb& verb);

// Switches of every verb.
inline constexpr auto common_switches = std::to_array<Switch>({
    {Flag::verbose, "--verbose",
     "Log each request on stderr: method, URL, status, time; never a secret", "-v"},
    {Flag::quiet, "--quiet", "No warnings on stderr", "-q"},
    {Flag::no_color, "--no-color", "No colours (also: NO_COLOR in the environment)"},
    {Flag::help, "--help", "Show this help", "-h"},
});

// Switches used without a verb.
inline constexpr auto general_switches = std::to_array<Switch>({
    {Flag::help, "--help", "Show this help; bqconn VERB --help shows the help of a verb", "-h"},
    {Flag::version, "--version", "Show the version", "-V"},
});

}  // namespace bqconn::commands
