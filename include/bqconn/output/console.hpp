// The two streams of a run. stdout carries the result and nothing else; errors and warnings go to
// stderr. All that passes has every known secret taken out and, on stderr, is made inert. hide(),
// clean(), note() and warning() may be called by several threads at once.
#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/redactor.hpp"
#include "bqconn/core/secret.hpp"
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
    // Shows a text with a pager, a shell command. Throws Error if it cannot be started.
    std::function<void(const std::string& command, std::string_view text)> page = {};
    // Shows a page of the web, if there is a browser that can; nobody waits for it.
    std::function<void(const std::string& url)> browse = {};
    // Whether the terminal shows what is typed. Throws Error if that cannot be changed.
    std::function<void(bool shown)> show_typing = {};
};

enum class Typing { shown, hidden };

// How errors and warnings are written.
enum class Notes { text, json };

class Console {
  public:
    explicit Console(Streams streams) : streams_(std::move(streams)) {}

    void hide(const Secret& secret);
    void set_notes(Notes notes) { notes_ = notes; }
    void set_quiet(bool quiet) { quiet_ = quiet; }  // no warnings
    void set_colour(bool out, bool err);
    void set_pager(std::string command) { pager_ = std::move(command); }  // empty: none
    void set_progress(bool shown) { progress_ = shown; }

    // Writes a result and flushes it. Throws Error (`output`) if stdout did not take it all.
    void result(std::string_view text);

    // Writes a text that holds a secret as it is: for a result that is one. Throws as result()
    // does.
    void reveal(const Secret& text);

    // A text that may be longer than the screen: through the pager, where there is one.
    void page(std::string_view text);

    // How text results are to look.
    Style style() const;

    // A line on a terminal that the next output replaces: how far long work has come.
    void progress(std::string_view text);

    // Whether a question can be put to the user, and the answer to one.
    bool can_ask() const { return streams_.in_is_terminal && streams_.err_is_terminal; }
    bool confirm(std::string_view question);

    // A line on stderr that the user needs to go on: --quiet does not take it away. Our own text,
    // in which a value may begin like a secret.
    void say(std::string_view text);

    // What is typed behind `prompt`, without the blanks around it. Only where can_ask(). Throws
    // Error (usage, "usage.no_answer") at the end of the input.
    Secret ask(std::string_view prompt, Typing typing);

    // A line that belongs to a question.
    void explain(std::string_view text);

    // A line for the user on stderr, which is no result, no warning and no error.
    void note(std::string_view text);

    void warning(std::string_view text);

    // "error: …", "hint: …", "request id: …", or one line of JSON.
    void error(const Error& error);

    // `text` as it may be shown on one line.
    std::string clean(std::string_view text) const;

    const Streams& streams() const { return streams_; }

  private:
    void write(std::string_view text);
    std::string coloured(std::string_view text, std::string_view code) const;
    void end_progress();
    void line(std::string_view kind, const std::string& shown);
    mutable std::mutex mutex_;  // of the redactor, and of the lines on stderr
    Streams streams_;
    Redactor redactor_;
    Notes notes_ = Notes::text;
    bool quiet_ = false;
    bool colour_ = false;      // on stderr
    bool out_colour_ = false;  // on stdout
    bool progress_ = false;
    bool progress_stands_ = false;
    std::string pager_;
};

}  // namespace bqconn::output
