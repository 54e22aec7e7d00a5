import { suite, test } from "node:test";
import { checkScopes } from "../support/grammar/checkScopes.ts";
import { openTokeniser } from "../support/grammar/tokenise.ts";

const tokeniser = await openTokeniser("source.dockerfile");

const claims: Readonly<Record<string, string>> = {
  "a script is shell": `
RUN <<EOF
    ^^ keyword.operator.heredoc
      ^^^ keyword.control.heredoc-token
set -e
^^^^^^ meta.embedded.block.shellscript
^^^ support.function.builtin.shell
EOF
^^^ keyword.control.heredoc-token
FROM a
^^^^ keyword.other.special-method`,
  "a program before or after the mark reads its language": `
RUN python3 <<EOF
import os
^^^^^^ keyword.control.import.python
EOF
RUN <<'EOF' /usr/bin/node
let a = 1
^^^ storage.type.js
EOF
RUN <<EOF bash -e
echo
^^^^ support.function.builtin.shell
EOF`,
  "a #! line on top decides, later ones don't": `
RUN <<EOF
#!/usr/bin/env python3
import os
^^^^^^ keyword.control.import.python
EOF
RUN <<EOF
echo
#!/usr/bin/env python3
import os
^^^^^^ meta.embedded.block.shellscript
EOF`,
  "the destination's extension decides for COPY": `
COPY <<EOF /etc/app.json
{ "a": true }
       ^^^^ constant.language.json
EOF
COPY --chmod=644 <<'EOF' /etc/app.yaml
a: 1
^ entity.name.tag.yaml
EOF
ADD <<EOF /etc/app.conf
[a]
^^^ meta.embedded.block.ini
EOF
COPY <<EOF /etc/motd
text
^^^^ string.unquoted.heredoc
EOF`,
  "a redirection's extension decides for cat": `
RUN cat <<EOF > /etc/a.json
{ "a": true }
       ^^^^ constant.language.json
EOF
RUN cat <<EOF
text
^^^^ string.unquoted.heredoc
EOF`,
  "variables are highlighted where the build expands them": `
COPY <<EOF /etc/a.json
{ "a": \${B:-c} }
         ^ variable.other.readwrite
          ^^ keyword.operator.expansion
EOF
COPY <<'EOF' /etc/a
$A
^^ !variable
EOF
COPY <<EOF /etc/a
$A b
 ^ variable.other.readwrite
   ^ string.unquoted.heredoc
EOF`,
  "after a dash tabs may precede the terminator": `
RUN <<-EOF
\techo
\tEOF
\t^^^ keyword.control.heredoc-token
RUN <<EOF
\tEOF
\t^^^ meta.embedded.block.shellscript
EOF
^^^ keyword.control.heredoc-token`,
  "several heredocs have their bodies in order": `
COPY <<a.json <<b.yaml <<c /etc/
       ^^^^^^ keyword.control.heredoc-token
                ^^^^^^ keyword.control.heredoc-token
                         ^ keyword.control.heredoc-token
[true]
 ^^^^ constant.language.json
a.json
^^^^^^ keyword.control.heredoc-token
a: 1
^ !keyword.control.heredoc-token
b.yaml
^^^^^^ keyword.control.heredoc-token
text
^^^^ string.unquoted.heredoc
c
^ keyword.control.heredoc-token
RUN cat 3<<A && python3 <<B
text
^^^^ string.unquoted.heredoc
A
import os
^^^^^^ keyword.control.import.python
B
FROM a
^^^^ keyword.other.special-method`,
  "constructs that a body leaves open end at its terminator": `
RUN python3 <<EOF
a = """open (
EOF
^^^ keyword.control.heredoc-token
FROM a
^^^^ keyword.other.special-method`,
  "instructions in a body are text": `
RUN <<EOF
FROM a
^^^^ meta.embedded.block.shellscript
EOF
COPY <<EOF /a
RUN b
^^^^^ string.unquoted.heredoc
EOF`,
  "a mark may follow on a continued line": String.raw`
RUN --mount=type=cache,target=/a \
    <<EOF
    ^^ keyword.operator.heredoc
echo
^^^^ meta.embedded.block.shellscript
EOF
^^^ keyword.control.heredoc-token
RUN set -e && \
    cat <<EOF > /a.json
[true]
 ^^^^ constant.language.json
EOF
^^^ keyword.control.heredoc-token
COPY --chmod=644 \
     <<EOF /a
text
^^^^ string.unquoted.heredoc
EOF
FROM a
^^^^ keyword.other.special-method`,
  "a head may go on after its mark": String.raw`
COPY <<EOF \
           ^ constant.character.escape.line-continuation
  /etc/motd
text
^^^^ string.unquoted.heredoc
EOF
FROM a
^^^^ keyword.other.special-method`,
  "an unterminated heredoc takes the rest": `
RUN <<EOF
FROM a
^^^^ meta.embedded.block.shellscript`,
  "a here-string and a shift aren't heredocs": `
RUN cat <<< a && echo $((1 << 2))
FROM a
^^^^ keyword.other.special-method`,
};

suite("heredocs in the grammar of Dockerfiles have the marked scopes", () => {
  for (const [claim, marked] of Object.entries(claims)) test(claim, () => checkScopes(tokeniser, marked));
});
