#include "bqconn/output/console.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <numeric>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::output {

json::OrderedJson to_json(const Error& error) {
    json::OrderedJson object = {{"code", error.code()}, {"message", error.message()}};
    if (!error.hint().empty()) {
        object["hint"] = error.hint();
    }
    if (error.status()) {
        object["status"] = *error.status();
    }
    if (!error.request_id().empty()) {
        object["requestId"] = error.request_id();
    }
    object["exitCode"] = static_cast<int>(error.exit_code());
    return object;
}

void Console::hide(const Secret& secret) {
    const std::lock_guard lock(mutex_);
    redactor_.add(secret);
}

Console::Hiding::Hiding(Console& console, const std::vector<Secret>& secrets) : console_(console) {
    Redactor redactor;
    redactor.reserve(
        std::accumulate(secrets.begin(), secrets.end(), std::size_t{0},
                        [](std::size_t sum, const Secret& one) { return sum + one.size(); }));
    for (const auto& secret : secrets) {
        redactor.add(secret);
    }
    const std::lock_guard lock(console_.mutex_);
    redactor_ = console_.for_now_.insert(console_.for_now_.end(), std::move(redactor));
}

Console::Hiding::~Hiding() {
    const std::lock_guard lock(console_.mutex_);
    console_.for_now_.erase(redactor_);
}

std::string Console::redact(std::string_view text, Redactor::Parts parts) const {
    std::string out = redactor_.redact(text, parts);
    for (const auto& redactor : for_now_) {
        out = redactor.redact(out, parts);
    }
    return out;
}

void Console::set_colour(bool out, bool err) {
    out_colour_ = out;
    colour_ = err;
}

void Console::result(std::string_view text) {
    write(redact(text, Redactor::Parts::whole_only));
}

void Console::reveal(const Secret& text) {
    write(text.reveal());
}

void Console::write(std::string_view text) {
    end_progress();
    errno = 0;
    streams_.out << text << std::flush;
    if (!streams_.out && errno == EPIPE) {
        throw Error(ExitCode::output, code::closed_pipe,
                    "standard output could not be written: the program reading it has exited",
                    "let that program read all of the output");
    }
    if (!streams_.out) {
        throw Error(ExitCode::output, "output.stdout", "standard output could not be written",
                    "check whether the disk is full");
    }
}

void Console::page(std::string_view text) {
    if (pager_.empty() || !streams_.out_is_terminal || !streams_.page) {
        result(text);
        return;
    }
    end_progress();
    streams_.page(pager_, redact(text, Redactor::Parts::whole_only));
}

void Console::show(Format format, std::string_view text) {
    if (format == Format::text) {
        page(text);
    } else {
        result(text);
    }
}

Style Console::style() const {
    return {.columns = streams_.out_is_terminal ? streams_.out_columns : 0,
            .colour = out_colour_,
            .ascii = ascii_};
}

void Console::progress(std::string_view text) {
    if (!progress_) {
        return;
    }
    const std::string shown = clean(text);
    const std::lock_guard lock(mutex_);
    streams_.err << "\r\x1b[K" << shown << std::flush;
    progress_visible_ = true;
}

void Console::end_progress() {
    if (progress_visible_) {
        streams_.err << "\r\x1b[K" << std::flush;
        progress_visible_ = false;
    }
}

bool Console::confirm(std::string_view question) {
    end_progress();
    streams_.err << clean(question) << " [y/N] " << std::flush;
    std::string answer;
    const bool answered =
        (!streams_.await_typing || streams_.await_typing()) && std::getline(streams_.in, answer);
    if (!answered) {
        streams_.err << '\n';
    }
    answer = to_lower_ascii(trim_ascii(answer));
    return answer == "y" || answer == "yes";
}

Secret Console::ask(std::string_view prompt, Typing typing) {
    end_progress();
    const bool hidden = typing == Typing::hidden && streams_.show_typing;
    if (hidden) {  // before the prompt, so that an early answer is not echoed either
        streams_.show_typing(false);
    }
    const struct Echo {
        const std::function<void(bool)>* show;
        ~Echo() {
            if (show != nullptr) {
                (*show)(true);
            }
        }
    } on_again{hidden ? &streams_.show_typing : nullptr};
    streams_.err << clean(prompt) << std::flush;
    std::string line;
    const bool answered = static_cast<bool>(std::getline(streams_.in, line));
    const Secret typed(std::move(line));
    if (hidden || !answered) {
        streams_.err << '\n';
    }
    if (!answered) {
        throw Error(
            ExitCode::usage, "usage.no_answer",
            "the input ended before all questions were answered; nothing was written",
            "run the command again; settings passed as flags or variables are not asked for");
    }
    return Secret(std::string(trim_ascii(typed.reveal())));
}

void Console::explain(std::string_view text) {
    end_progress();
    for (const auto& line : split(text, '\n')) {
        const auto indent = std::min(line.find_first_not_of(' '), line.size());
        streams_.err << wrapped(line.substr(0, indent) + clean(line.substr(indent)), err_columns())
                     << '\n';
    }
    streams_.err << std::flush;
}

void Console::note(std::string_view text) {
    if (!quiet_) {
        line("note", clean(text));
    }
}

void Console::say(std::string_view text) {
    constexpr auto whole_only = Redactor::Parts::whole_only;
    line("note", redact(inert_line(redact(text, whole_only)), whole_only));
}

void Console::warning(std::string_view text) {
    if (!quiet_) {
        line("warning", clean(text));
    }
}

void Console::line(std::string_view kind, const std::string& shown) {
    const std::lock_guard lock(mutex_);
    end_progress();
    if (notes_ == Notes::json) {
        streams_.err << json::to_line(json::Json{{std::string(kind), {{"message", shown}}}})
                     << std::endl;
    } else if (kind == "note") {
        streams_.err << wrapped(shown, err_columns()) << std::endl;
    } else {
        labelled(kind, "1;33", shown);
    }
}

void Console::labelled(std::string_view label, std::string_view colour, const std::string& shown) {
    const std::string word = std::string(label) + ":";
    const std::string text = wrapped(word + " " + shown, err_columns());
    streams_.err << styled(word, colour_ ? colour : "") << text.substr(word.size()) << std::endl;
}

void Console::error(const Error& error) {
    end_progress();
    const auto shown = [this](const std::string& text) { return redact(inert_text(redact(text))); };
    if (notes_ == Notes::text) {
        labelled("error", "1;31", shown(error.message()));
        if (!error.hint().empty()) {
            labelled("hint", "", shown(error.hint()));
        }
        if (!error.request_id().empty()) {
            labelled("request id", "", shown(error.request_id()));
        }
        return;
    }
    json::OrderedJson object = to_json(error);
    for (auto& value : object) {
        if (value.is_string()) {
            value = shown(value.get<std::string>());
        }
    }
    streams_.err << json::to_line(json::OrderedJson{{"error", object}}) << std::endl;
}

std::string Console::clean(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    return redact(inert_line(redact(text)));
}

std::string Console::without_secrets(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    return redact(text);
}

Error Console::without_secrets(const Error& error) const {
    Error out(error.exit_code(), error.code(), without_secrets(error.message()),
              without_secrets(error.hint()));
    if (error.status()) {
        out.set_answer(*error.status(), without_secrets(error.request_id()));
    }
    return out;
}

}  // namespace bqconn::output
