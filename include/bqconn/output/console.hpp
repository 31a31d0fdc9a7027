// The output streams of a run. stdout carries only the result; errors and warnings go to stderr.
// Every known secret is redacted, and stderr text is made inert. hide(), Hiding, clean(),
// without_secrets(), note(), warning() and progress() are thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <list>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/redactor.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/format.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

struct Streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool in_is_terminal = false;
    std::size_t out_columns = 0;  // of the terminal; 0: unknown
    // Shows text with a pager, a shell command. Throws Error if it cannot be started.
    std::function<void(const std::string& command, std::string_view text)> page = {};
    // Opens a browser, if there is one, without waiting for it.
    std::function<void(const std::string& url)> browse = {};
    // Turns the terminal's echo on or off. Throws Error if that fails.
    std::function<void(bool shown)> show_typing = {};
    std::size_t err_columns = 0;  // as out_columns
    // stdout is the file of $GITHUB_OUTPUT or $GITHUB_ENV: values are not quoted for a shell.
    bool out_is_github_file = false;
    // Waits until something is typed; false if a signal came first. If empty, reading waits.
    std::function<bool()> await_typing = {};
};

// An error in JSON output: {"code","message","hint","status","requestId","exitCode"}, without the
// fields that it lacks.
json::OrderedJson to_json(const Error& error);

enum class Typing { shown, hidden };

// How errors, warnings and notes are written.
enum class Notes { text, json };

class Console {
  public:
    explicit Console(Streams streams) : streams_(std::move(streams)) {}

    void hide(const Secret& secret);

    // Hides further secrets for its lifetime, such as those of one of many changes: the index of a
    // secret is many times larger than the secret, so bqconn does not keep all of them.
    class Hiding {
      public:
        Hiding(Console& console, const std::vector<Secret>& secrets);
        ~Hiding();
        Hiding(const Hiding&) = delete;
        Hiding& operator=(const Hiding&) = delete;

      private:
        Console& console_;
        std::list<Redactor>::iterator redactor_;
    };

    void set_notes(Notes notes) { notes_ = notes; }
    void set_quiet(bool quiet) { quiet_ = quiet; }  // no warnings or notes
    void set_colour(bool out, bool err);
    void set_ascii(bool ascii) { ascii_ = ascii; }                        // as in Style
    void set_pager(std::string command) { pager_ = std::move(command); }  // empty: none
    void set_progress(bool shown) { progress_ = shown; }

    // Writes a result and flushes it. Throws Error (`output`) if stdout did not take all of it;
    // code::closed_pipe if its reader has exited.
    void result(std::string_view text);

    // Like result(), but without redaction: for a result that is itself a secret.
    void reveal(const Secret& text);

    // Like result(), but through the pager if there is one.
    void page(std::string_view text);

    // page() for Format::text, result() for any other.
    void show(Format format, std::string_view text);

    // How to format text results.
    Style style() const;

    // A progress line on a terminal, replaced by the next output.
    void progress(std::string_view text);

    // Whether the user can be asked, and a yes/no question (default no, also after a signal).
    bool can_ask() const { return streams_.in_is_terminal && streams_.err_is_terminal; }
    bool confirm(std::string_view question);

    // A line on stderr that the user needs in order to continue: --quiet does not suppress it. Only
    // whole secrets are redacted, because a value in it may begin like a secret.
    void say(std::string_view text);

    // Reads a line after showing `prompt`, and trims it. Requires can_ask(). Throws Error (usage,
    // "usage.no_answer") at the end of the input.
    Secret ask(std::string_view prompt, Typing typing);

    // Text that explains a question.
    void explain(std::string_view text);

    // A line of information on stderr.
    void note(std::string_view text);

    void warning(std::string_view text);

    // "error: …", "hint: …", "request id: …", or one line of JSON.
    void error(const Error& error);

    // `text` made safe to show on one line.
    std::string clean(std::string_view text) const;

    // Redacts what outlives a Hiding.
    std::string without_secrets(std::string_view text) const;
    Error without_secrets(const Error& error) const;

    const Streams& streams() const { return streams_; }

  private:
    std::string redact(std::string_view text,
                       Redactor::Parts parts = Redactor::Parts::first_parts_too) const;
    void write(std::string_view text);
    void end_progress();
    void line(std::string_view kind, const std::string& shown);
    void labelled(std::string_view label, std::string_view colour, const std::string& shown);
    std::size_t err_columns() const { return streams_.err_is_terminal ? streams_.err_columns : 0; }
    mutable std::mutex mutex_;  // guards the redactors and the lines on stderr
    Streams streams_;
    Redactor redactor_;
    std::list<Redactor> for_now_;  // of each Hiding
    Notes notes_ = Notes::text;
    bool quiet_ = false;
    bool colour_ = false;      // on stderr
    bool out_colour_ = false;  // on stdout
    bool ascii_ = false;
    bool progress_ = false;
    bool progress_visible_ = false;
    std::string pager_;
};

}  // namespace bqconn::output
